/* SPDX-License-Identifier: MIT */
/* Memory and string functions that the compiler and the kernel call. */
#include "core/lib.h"

#define LARGE	64		/* from here on the string instructions pay */

typedef uint64_t __attribute__((may_alias)) word;

void *memcpy(void *restrict d, const void *restrict s, size_t n)
{
	uint8_t *a = d;
	const uint8_t *b = s;

	if (n >= LARGE) {
		size_t k = n / 8;

		__asm__ volatile("rep movsq" : "+D"(a), "+S"(b), "+c"(k) : : "memory");
		n %= 8;
	}
	for (; n >= 8; n -= 8, a += 8, b += 8)
		*(word *)a = *(const word *)b;
	for (; n != 0; n--)
		*a++ = *b++;
	return d;
}

void *memmove(void *d, const void *s, size_t n)
{
	uint8_t *a = d;
	const uint8_t *b = s;

	if (a - b < 0 || (size_t)(a - b) >= n)
		return memcpy(d, s, n);
	/* From the end: a word is read before anything at or below it is written. */
	for (; n >= 8 && a - b >= 8; n -= 8)
		*(word *)(a + n - 8) = *(const word *)(b + n - 8);
	while (n-- != 0)
		a[n] = b[n];
	return d;
}

void *memset(void *d, int c, size_t n)
{
	uint8_t *a = d;
	uint64_t w = 0x0101010101010101ul * (uint8_t)c;

	if (n >= LARGE) {
		size_t k = n / 8;

		__asm__ volatile("rep stosq" : "+D"(a), "+c"(k) : "a"(w) : "memory");
		n %= 8;
	}
	for (; n >= 8; n -= 8, a += 8)
		*(word *)a = w;
	for (; n != 0; n--)
		*a++ = (uint8_t)c;
	return d;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *p = a, *q = b;

	for (; n != 0; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n] != 0)
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a != 0 && *a == *b)
		a++, b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n != 0 && *a != 0 && *a == *b; n--)
		a++, b++;
	return n == 0 ? 0 : (uint8_t)*a - (uint8_t)*b;
}

char *strstr(const char *h, const char *n)
{
	size_t len = strlen(n);

	for (; *h != 0; h++)
		if (strncmp(h, n, len) == 0)
			return (char *)h;
	return NULL;
}

size_t strlcpy(char *d, const char *s, size_t n)
{
	size_t len = strlen(s);

	if (n != 0) {
		size_t k = len < n ? len : n - 1;

		memcpy(d, s, k);
		d[k] = 0;
	}
	return len;
}

/* Called by gcc for __builtin_popcountll. */
int __popcountdi2(int64_t v);
int __popcountdi2(int64_t v)
{
	uint64_t x = (uint64_t)v;
	int n = 0;

	for (; x != 0; x &= x - 1)
		n++;
	return n;
}
