/* SPDX-License-Identifier: MIT */
/*
 * crypt: passwords hashed as $5$ (SHA-256) and $6$ (SHA-512), as Linux systems do. The older kinds, for
 * passwords that come from elsewhere, are musl's: DES, $1$ (MD5) and $2a$, $2b$, $2x$, $2y$ (Blowfish).
 */
#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal/hidden.h"
#include "sha2.h"

#define KEY_MAX 256
#define ROUNDS_MIN 1000
#define ROUNDS_MAX 9999999

/* Each gives its result, or "*" and the like. */
extern hidden char *__crypt_des(const char *key, const char *setting, char *out);
extern hidden char *__crypt_md5(const char *key, const char *setting, char *out);
extern hidden char *__crypt_blowfish(const char *key, const char *setting, char *out);

struct setting {
	int wide, len;			/* len: of a digest */
	unsigned rounds;
	int given;			/* rounds= is part of the result */
	const char *salt;
	size_t nsalt;
};

static int parse(const char *s, struct setting *st)
{
	if (s[0] != '$' || (s[1] != '5' && s[1] != '6') || s[2] != '$')
		return -1;
	*st = (struct setting){ .wide = s[1] == '6', .rounds = 5000 };
	st->len = st->wide ? 64 : 32;
	s += 3;
	if (!strncmp(s, "rounds=", 7)) {
		char *e;
		unsigned long r = strtoul(s + 7, &e, 10);
		if (e == s + 7 || *e != '$')
			return -1;
		st->rounds = r < ROUNDS_MIN ? ROUNDS_MIN : r > ROUNDS_MAX ? ROUNDS_MAX : r;
		st->given = 1;
		s = e + 1;
	}
	st->salt = s;
	st->nsalt = strcspn(s, "$:\n");
	if (st->nsalt > 16)
		st->nsalt = 16;
	return 0;
}

/* Adds the digest again and again until n bytes are added. */
static void add_repeated(struct sha2 *h, const unsigned char *d, size_t len, size_t n)
{
	for (; n > len; n -= len)
		__sha2_add(h, d, len);
	__sha2_add(h, d, n);
}

/* The digest that the rounds start from. */
static void first(const struct setting *st, const char *key, size_t n, unsigned char *out)
{
	struct sha2 h;
	unsigned char alt[64];
	__sha2_init(&h, st->wide);
	__sha2_add(&h, key, n);
	__sha2_add(&h, st->salt, st->nsalt);
	__sha2_add(&h, key, n);
	__sha2_end(&h, alt);

	__sha2_init(&h, st->wide);
	__sha2_add(&h, key, n);
	__sha2_add(&h, st->salt, st->nsalt);
	add_repeated(&h, alt, st->len, n);
	for (size_t i = n; i; i >>= 1) {
		if (i & 1)
			__sha2_add(&h, alt, st->len);
		else
			__sha2_add(&h, key, n);
	}
	__sha2_end(&h, out);
}

static void rounds(const struct setting *st, const char *key, size_t n, unsigned char *a)
{
	struct sha2 h;
	unsigned char p[64], s[64];
	__sha2_init(&h, st->wide);
	for (size_t i = 0; i < n; i++)
		__sha2_add(&h, key, n);
	__sha2_end(&h, p);
	__sha2_init(&h, st->wide);
	for (int i = 0; i < 16 + a[0]; i++)
		__sha2_add(&h, st->salt, st->nsalt);
	__sha2_end(&h, s);
	for (unsigned i = 0; i < st->rounds; i++) {
		__sha2_init(&h, st->wide);
		if (i & 1)
			add_repeated(&h, p, st->len, n);
		else
			__sha2_add(&h, a, st->len);
		if (i % 3)
			__sha2_add(&h, s, st->nsalt);
		if (i % 7)
			add_repeated(&h, p, st->len, n);
		if (i & 1)
			__sha2_add(&h, a, st->len);
		else
			add_repeated(&h, p, st->len, n);
		__sha2_end(&h, a);
	}
}

static char *put64(char *d, unsigned v, int n)
{
	static const char set[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	for (; n; n--, v >>= 6)
		*d++ = set[v & 63];
	return d;
}

/* The bytes of the digest go out in threes whose places rotate. */
static char *put_digest(char *d, const unsigned char *a, int wide)
{
	int third = wide ? 21 : 10;
	for (int i = 0; i < third; i++) {
		int x = i, y = i + third, z = i + 2 * third, t;
		for (int k = wide ? i % 3 : (3 - i % 3) % 3; k; k--) {
			t = x;
			x = y;
			y = z;
			z = t;
		}
		d = put64(d, a[x] << 16 | a[y] << 8 | a[z], 4);
	}
	d = wide ? put64(d, a[63], 2) : put64(d, a[31] << 8 | a[30], 3);
	*d = 0;
	return d;
}

static int by_sha2(const char *key, const char *salt, char *d)
{
	struct setting st;
	unsigned char a[64];
	size_t n = strlen(key);
	if (parse(salt, &st) < 0 || n > KEY_MAX)
		return -1;
	first(&st, key, n, a);
	rounds(&st, key, n, a);
	d += sprintf(d, "$%c$", st.wide ? '6' : '5');
	if (st.given)
		d += sprintf(d, "rounds=%u$", st.rounds);
	d += sprintf(d, "%.*s$", (int)st.nsalt, st.salt);
	put_digest(d, a, st.wide);
	explicit_bzero(a, sizeof(a));
	return 0;
}

/* Those that are kept for what they once hashed. */
static int by_older(const char *key, const char *salt, char *d)
{
	char *r;
	if (salt[0] != '$')
		r = __crypt_des(key, salt, d);
	else if (salt[1] == '1' && salt[2] == '$')
		r = __crypt_md5(key, salt, d);
	else if (salt[1] == '2' && salt[2] && salt[3] == '$')
		r = __crypt_blowfish(key, salt, d);
	else
		return -1;
	return *r == '*' || r != d ? -1 : 0;
}

char *crypt_r(const char *key, const char *salt, struct crypt_data *data)
{
	char *d = data->__buf;
	if (by_sha2(key, salt, d) && by_older(key, salt, d)) {
		errno = EINVAL;
		return strcpy(d, *salt == '*' && salt[1] == '0' ? "*1" : "*0");
	}
	return d;
}

char *crypt(const char *key, const char *salt)
{
	static struct crypt_data data;
	return crypt_r(key, salt, &data);
}
