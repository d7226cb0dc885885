/* SPDX-License-Identifier: MIT */
/* strcmp, strncmp. */
#include <string.h>
#include "vec.h"


/* 16 bytes at a time where neither string can cross into another page. */
int strcmp(const char *a, const char *b)
{
	vec zero = vec_all(0);
	for (size_t i = 0; ; ) {
		if ((((uintptr_t)(a + i) | (uintptr_t)(b + i)) & 4095) <= 4096 - 16) {
			vec x = *(const uvec *)(a + i), y = *(const uvec *)(b + i);
			unsigned m = vec_mask((vec)(x != y) | (vec)(x == zero));
			if (m) {
				i += __builtin_ctz(m);
				return (uint8_t)a[i] - (uint8_t)b[i];
			}
			i += 16;
		} else {
			if (a[i] != b[i] || !a[i])
				return (uint8_t)a[i] - (uint8_t)b[i];
			i++;
		}
	}
}

int strncmp(const char *a, const char *b, size_t n)
{
	vec zero = vec_all(0);
	for (size_t i = 0; i < n; ) {
		if (n - i >= 16 && (((uintptr_t)(a + i) | (uintptr_t)(b + i)) & 4095) <= 4096 - 16) {
			vec x = *(const uvec *)(a + i), y = *(const uvec *)(b + i);
			unsigned m = vec_mask((vec)(x != y) | (vec)(x == zero));
			if (m) {
				i += __builtin_ctz(m);
				return (uint8_t)a[i] - (uint8_t)b[i];
			}
			i += 16;
		} else {
			if (a[i] != b[i] || !a[i])
				return (uint8_t)a[i] - (uint8_t)b[i];
			i++;
		}
	}
	return 0;
}
