/* SPDX-License-Identifier: MIT */
/*
 * Random bytes: ChaCha20 in counter mode with the key replaced after every request (fast key
 * erasure), seeded by RDSEED or RDRAND where there is one and by the jitter of the time stamp counter.
 */
#include "arch/x86_64/asm.h"
#include "defs.h"
#include "obj/handle.h"
#include "sys/sys.h"

static struct spinlock lock = SPINLOCK_INIT("random", RANK_RANDOM);
static uint32_t key[8];
#define SMALL	192
static uint8_t small[SMALL];		/* bytes [0, small_left) are not handed out yet */
static size_t small_left;
static uint64_t pool;			/* jitter since the last stir; racy on purpose */

#define ROT(x, n)	((x) << (n) | (x) >> (32 - (n)))

static void quarter(uint32_t *s, int a, int b, int c, int d)
{
	s[a] += s[b]; s[d] = ROT(s[d] ^ s[a], 16);
	s[c] += s[d]; s[b] = ROT(s[b] ^ s[c], 12);
	s[a] += s[b]; s[d] = ROT(s[d] ^ s[a], 8);
	s[c] += s[d]; s[b] = ROT(s[b] ^ s[c], 7);
}

static void chacha_block(const uint32_t k[8], uint64_t counter, uint32_t out[16])
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };

	memcpy(in + 4, k, 32);
	in[12] = (uint32_t)counter;
	in[13] = (uint32_t)(counter >> 32);
	in[14] = in[15] = 0;
	memcpy(out, in, 64);
	for (int i = 0; i < 10; i++) {
		quarter(out, 0, 4, 8, 12);
		quarter(out, 1, 5, 9, 13);
		quarter(out, 2, 6, 10, 14);
		quarter(out, 3, 7, 11, 15);
		quarter(out, 0, 5, 10, 15);
		quarter(out, 1, 6, 11, 12);
		quarter(out, 2, 7, 8, 13);
		quarter(out, 3, 4, 9, 14);
	}
	for (int i = 0; i < 16; i++)
		out[i] += in[i];
}

static uint64_t hardware(void)
{
	uint64_t v = 0;
	uint8_t ok = 0;

	for (int i = 0; i < 10 && !ok && cpu_feature.rdseed; i++)
		__asm__ volatile("rdseed %0; setc %1" : "=r"(v), "=qm"(ok) : : "cc");
	for (int i = 0; i < 10 && !ok && cpu_feature.rdrand; i++)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(v), "=qm"(ok) : : "cc");
	return v;
}

void random_stir(uint64_t v)
{
	pool = (pool << 7 | pool >> 57) ^ v;
}

/* Mixes the pool and the hardware into the key. Lock held. */
static void reseed(void)
{
	uint32_t out[16];
	uint64_t v[4];

	for (int i = 0; i < 4; i++)
		v[i] = hardware() ^ pool ^ rdtsc();
	for (int i = 0; i < 8; i++)
		key[i] ^= ((uint32_t *)v)[i];
	chacha_block(key, UINT64_MAX, out);
	memcpy(key, out, 32);
}

void random_init(void)
{
	for (int i = 0; i < 64; i++) {		/* timing of port reads differs from run to run */
		inb(0x61);
		random_stir(rdtsc());
	}
	random_stir(io_in(1, 0x40) | (uint64_t)io_in(1, 0x40) << 8);
	spin_lock(&lock);
	for (int i = 0; i < 4; i++)
		reseed();
	spin_unlock(&lock);
}

static void large_bytes(void *buf, size_t n)
{
	uint8_t *d = buf;
	uint32_t own[8], out[16];

	spin_lock(&lock);
	key[0] ^= (uint32_t)rdtsc();
	key[1] ^= (uint32_t)pool;
	chacha_block(key, 0, out);
	memcpy(key, out, 32);		/* the next request's key; the rest is this one's */
	memcpy(own, out + 8, 32);
	spin_unlock(&lock);
	for (uint64_t i = 1; n != 0; i++) {
		size_t k = n < 64 ? n : 64;

		chacha_block(own, i, out);
		memcpy(d, out, k);
		d += k;
		n -= k;
	}
	memset(own, 0, sizeof(own));
	__asm__ volatile("" : : "r"(own) : "memory");
}

/* The next SMALL bytes for small requests; a byte handed out is erased at once. Lock held. */
static void refill(void)
{
	uint32_t out[16];

	key[0] ^= (uint32_t)rdtsc();
	key[1] ^= (uint32_t)pool;
	for (unsigned i = 0; i < SMALL / 64; i++)
		chacha_block(key, i + 1, (uint32_t *)(small + 64 * i));
	chacha_block(key, 0, out);
	memcpy(key, out, 32);
	small_left = SMALL;
}

static void small_bytes(void *buf, size_t n)
{
	spin_lock(&lock);
	if (small_left < n)
		refill();
	small_left -= n;
	memcpy(buf, small + small_left, n);
	memset(small + small_left, 0, n);
	spin_unlock(&lock);
}

void random_bytes(void *buf, size_t n)
{
	if (n <= 32)
		small_bytes(buf, n);
	else
		large_bytes(buf, n);
}

/* What comes from outside can only add to the key: the old key keys the mixing. */
static void mix(const uint8_t *p, size_t n)
{
	uint32_t out[16], v[8] = { 0 };

	memcpy(v, p, n);
	spin_lock(&lock);
	for (int i = 0; i < 8; i++)
		key[i] ^= v[i];
	chacha_block(key, UINT64_MAX - 1, out);
	memcpy(key, out, 32);
	small_left = 0;
	spin_unlock(&lock);
}

long sys_random_add(long h, long buf, long n)
{
	uint8_t part[32];
	struct obj *o;
	int err = handle_object((handle_t)h, OBJ_DEV, 0, &o);

	if (err)
		return err;
	obj_put(o);
	if (n < 0 || n > 4096)
		return -EINVAL;
	for (long done = 0; done < n; done += (long)sizeof(part)) {
		size_t k = (size_t)(n - done) < sizeof(part) ? (size_t)(n - done) : sizeof(part);

		if (copyin(part, (uint64_t)buf + (uint64_t)done, k))
			return -EFAULT;
		mix(part, k);
	}
	return n;
}

long sys_getrandom(long buf, long n)
{
	uint8_t part[256];

	if (n < 0 || n > 1l << 20)
		return -EINVAL;
	for (long done = 0; done < n; done += (long)sizeof(part)) {
		size_t k = (size_t)(n - done) < sizeof(part) ? (size_t)(n - done) : sizeof(part);

		random_bytes(part, k);
		if (copyout((uint64_t)buf + (uint64_t)done, part, k) != 0)
			return -EFAULT;
	}
	return n;
}
