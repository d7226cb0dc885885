/* SPDX-License-Identifier: MIT */
/* Passwords hashed by older systems are known: DES, its extended form, MD5, Blowfish; encrypt is DES. */
#include <assert.h>
#include <crypt.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

static void is(const char *key, const char *hash)
{
	assert(!strcmp(crypt(key, hash), hash));
	assert(strcmp(crypt("other", hash), hash));
}

/* A byte for each bit, as encrypt wants them. */
static void spread(char *bits, unsigned long v)
{
	for (int i = 0; i < 64; i++)
		bits[i] = v >> (63 - i) & 1;
}

int main(void)
{
	char block[64], want[64];

	is("ab", "abAwh7.RciMzE");
	is("\x80\xff\x80\x01 \x7f\x81\x80\x80\r\n\xff\x7f \x81 test", "_0.../9ZzX7iSJNd21sU");
	is("Xy01@#\x01\x02\x80\x7f\xff\r\n\x81\t !", "$1$abcd0123$9Qcg8DyviekV3tDGMZynJ1");
	is("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
	assert(crypt("x", "z")[0] == '*');
	assert(crypt("x", "$9$abc")[0] == '*');
	assert(strcmp(crypt("x", "*0"), "*0"));

	/* FIPS 81's example. */
	spread(block, 0x0123456789abcdef);
	setkey(block);
	spread(block, 0x4e6f772069732074);
	spread(want, 0x3fa40e8a984d4815);
	encrypt(block, 0);
	assert(!memcmp(block, want, 64));
	encrypt(block, 1);
	spread(want, 0x4e6f772069732074);
	assert(!memcmp(block, want, 64));
	return 0;
}
