/* SPDX-License-Identifier: MIT */
/* The Internet checksum: 32-bit words added up in 64 bits, so that carries take care of themselves. */
#include <string.h>
#include "lwip/arch.h"

static uint64_t sum_words(const uint8_t *p, size_t n)
{
	uint64_t a = 0, b = 0;

	for (; n >= 32; p += 32, n -= 32) {
		uint64_t w[4];

		memcpy(w, p, 32);
		a += (w[0] & 0xffffffff) + (w[0] >> 32) + (w[1] & 0xffffffff) + (w[1] >> 32);
		b += (w[2] & 0xffffffff) + (w[2] >> 32) + (w[3] & 0xffffffff) + (w[3] >> 32);
	}
	for (; n >= 4; p += 4, n -= 4) {
		uint32_t w;

		memcpy(&w, p, 4);
		a += w;
	}
	return a + b;
}

uint16_t netd_chksum(const void *data, int len)
{
	const uint8_t *p = data;
	size_t n = (size_t)len;
	uint64_t sum = sum_words(p, n);
	uint16_t w;

	p += n & ~(size_t)3;
	if (n & 2) {
		memcpy(&w, p, 2);
		sum += w;
		p += 2;
	}
	/* The last odd byte is the first of a word that ends with zero. */
	if (n & 1) {
		w = 0;
		memcpy(&w, p, 1);
		sum += w;
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}
