/* SPDX-License-Identifier: MIT */
/*
 * First sequence numbers of TCP connections as RFC 6528 has them: a clock plus a keyed hash (SipHash-2-4)
 * of the connection's addresses and ports, so that nobody who does not see the packets can guess them.
 */
#include <string.h>
#include "netd.h"

static uint64_t rotl(uint64_t v, int n)
{
	return v << n | v >> (64 - n);
}

static void rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[0] = rotl(v[0], 32);
		v[2] += v[3];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[2] = rotl(v[2], 32);
	}
}

/* n whole words; the length closes the message. */
static uint64_t siphash(const uint64_t key[2], const uint64_t *m, size_t n)
{
	uint64_t v[4] = {
		key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573,
	};

	for (size_t i = 0; i <= n; i++) {
		uint64_t w = i < n ? m[i] : (uint64_t)n * 8 << 56;

		v[3] ^= w;
		rounds(v, 2);
		v[0] ^= w;
	}
	v[2] ^= 0xff;
	rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void put_ip(uint64_t m[2], const ip_addr_t *ip)
{
	m[0] = m[1] = 0;
	if (IP_IS_V6(ip))
		memcpy(m, ip_2_ip6(ip)->addr, 16);
	else
		m[0] = ip_addr_get_ip4_u32(ip);
}

uint32_t isn_new(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport)
{
	static uint64_t key[2];
	uint64_t m[5];

	if (!key[0])
		sys_getrandom(key, sizeof(key));
	put_ip(m, local);
	put_ip(m + 2, remote);
	m[4] = (uint64_t)lport << 16 | rport;
	/* The clock ticks every 4 microseconds. */
	return (uint32_t)siphash(key, m, 5) + (uint32_t)(srv_now() / 4000);
}
