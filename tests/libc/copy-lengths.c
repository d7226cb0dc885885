/* SPDX-License-Identifier: MIT */
/* memcpy, memmove both ways and memset of every short and some long lengths touch what they should. */
#include <stdio.h>
#include <string.h>

#define ROOM 5000
static unsigned char buf[ROOM], want[ROOM];

static void fresh(void)
{
	for (int i = 0; i < ROOM; i++)
		buf[i] = want[i] = (unsigned char)(i * 7 + i / 251);
}

static void move_bytes(unsigned char *d, const unsigned char *s, size_t n)
{
	if (d < s)
		while (n--)
			*d++ = *s++;
	else
		while (n--)
			d[n] = s[n];
}

static void check(const char *what, size_t n, int at)
{
	if (memcmp(buf, want, ROOM))
		printf("%s of %zu bytes at %d\n", what, n, at);
}

static void one(size_t n, int at)
{
	fresh();
	memcpy(buf + 2500 + at, buf + 3, n);
	move_bytes(want + 2500 + at, want + 3, n);
	check("memcpy", n, at);
	fresh();
	memmove(buf + 100 - at, buf + 100, n);
	move_bytes(want + 100 - at, want + 100, n);
	check("memmove down", n, at);
	fresh();
	memmove(buf + 100 + at, buf + 100, n);
	move_bytes(want + 100 + at, want + 100, n);
	check("memmove up", n, at);
	fresh();
	memset(buf + at, 0x1a5, n);
	for (size_t i = 0; i < n; i++)
		want[at + i] = 0xa5;
	check("memset", n, at);
}

int main(void)
{
	for (size_t n = 0; n < 2200; n += n < 700 ? 1 : 97)
		for (int at = 0; at < 40; at += at < 3 ? 1 : 12)
			one(n, at);
	return 0;
}
