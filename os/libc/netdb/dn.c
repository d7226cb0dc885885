/* SPDX-License-Identifier: MIT */
/* dn.c: domain names in DNS messages. */
#include <arpa/nameser.h>
#include <resolv.h>
#include <string.h>

unsigned ns_get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

unsigned long ns_get32(const unsigned char *p)
{
	return (unsigned long)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

int dn_skipname(const unsigned char *p, const unsigned char *end)
{
	const unsigned char *start = p;

	while (p < end) {
		if (!*p)
			return p - start + 1;
		if (*p >= 192)
			return p + 1 < end ? p - start + 2 : -1;
		if (*p >= 64 || end - p <= *p + 1)
			return -1;
		p += *p + 1;
	}
	return -1;
}

/* So many pointers as the message has room for at most: more are a loop. */
int dn_expand(const unsigned char *base, const unsigned char *end, const unsigned char *src, char *to, int room)
{
	const unsigned char *p = src;
	int used = -1, at = 0, hops = 0;

	for (;;) {
		if (p >= end)
			return -1;
		if (*p >= 192) {
			if (p + 1 >= end)
				return -1;
			if (used < 0)
				used = p + 2 - src;
			p = base + ((*p & 63) << 8 | p[1]);
			if (hops++ > (end - base) / 2)
				return -1;
			continue;
		}
		if (!*p)
			break;
		if (*p >= 64 || end - p <= *p || at + (at > 0) + *p + 1 > room)
			return -1;
		if (at)
			to[at++] = '.';
		memcpy(to + at, p + 1, *p);
		at += *p;
		p += *p + 1;
	}
	if (at >= room)
		return -1;
	to[at] = 0;
	return used < 0 ? p + 1 - src : used;
}

/* Without compression: every reader takes that. */
int dn_comp(const char *name, unsigned char *to, int room, unsigned char **ptrs, unsigned char **last)
{
	size_t len = strlen(name), at = 0;

	(void)ptrs;
	(void)last;
	if (len && name[len - 1] == '.')
		len--;
	if (len > 253 || (int)len + 2 > room)
		return -1;
	for (size_t i = 0; i < len; ) {
		size_t n = 0;
		while (i + n < len && name[i + n] != '.')
			n++;
		if (!n || n > 63)
			return -1;
		to[at++] = n;
		memcpy(to + at, name + i, n);
		at += n;
		i += n + 1;
	}
	to[at++] = 0;
	return at;
}
