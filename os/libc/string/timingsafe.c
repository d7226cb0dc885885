/* SPDX-License-Identifier: MIT */
/* timingsafe_bcmp, timingsafe_memcmp: 0 or not 0 in a time that does not depend on the contents. */
#include <string.h>

int timingsafe_memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;
	unsigned diff = 0;
	while (n--)
		diff |= *p++ ^ *q++;
	return diff != 0;
}

int timingsafe_bcmp(const void *a, const void *b, size_t n)
{
	return timingsafe_memcmp(a, b, n);
}
