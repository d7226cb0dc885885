/* SPDX-License-Identifier: MIT */
/* inet_pton.c: inet_pton, inet_ntop; in6addr_any, in6addr_loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

const struct in6_addr in6addr_any = {0};
const struct in6_addr in6addr_loopback = { { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } };

static int pton4(const char *s, unsigned char *to)
{
	for (int i = 0; i < 4; i++) {
		int v = 0, digits = 0;
		for (; *s >= '0' && *s <= '9' && digits < 3; digits++)
			v = 10 * v + *s++ - '0';
		if (!digits || v > 255 || (digits > 1 && s[-digits] == '0'))
			return 0;
		to[i] = v;
		if (*s++ != (i == 3 ? 0 : '.'))
			return 0;
	}
	return 1;
}

static int hex(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Groups before and behind "::" are collected in one array; gap is where the zeros go. */
static int pton6(const char *s, unsigned char *to)
{
	uint16_t group[8];
	int n = 0, gap = -1, v, digits;

	if (*s == ':' && *++s != ':')
		return 0;
	for (;;) {
		if (*s == ':' && gap < 0) {
			gap = n;
			if (!*++s)
				break;
			if (n == 8)
				return 0;
			continue;
		}
		for (v = digits = 0; digits < 4 && hex(s[digits]) >= 0; digits++)
			v = 16 * v + hex(s[digits]);
		if (!digits)
			return 0;
		if (s[digits] == '.') {
			unsigned char v4[4];
			if (n > 6 || !pton4(s, v4))
				return 0;
			group[n++] = v4[0] << 8 | v4[1];
			group[n++] = v4[2] << 8 | v4[3];
			break;
		}
		if (n == 8)
			return 0;
		group[n++] = v;
		s += digits;
		if (!*s)
			break;
		if (*s++ != ':' || (!*s))
			return 0;
		if (n == 8)
			return 0;
	}
	if (gap < 0 ? n != 8 : n > 7)
		return 0;
	memset(to, 0, 16);
	for (int i = 0; i < n; i++) {
		int at = gap >= 0 && i >= gap ? 8 - n + i : i;
		to[2 * at] = group[i] >> 8;
		to[2 * at + 1] = group[i];
	}
	return 1;
}

int inet_pton(int family, const char *restrict s, void *restrict to)
{
	unsigned char tmp[16];
	int ok;

	if (family != AF_INET && family != AF_INET6) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	ok = family == AF_INET ? pton4(s, tmp) : pton6(s, tmp);
	if (ok)
		memcpy(to, tmp, family == AF_INET ? 4 : 16);
	return ok;
}

/* The longest run of two or more zero groups becomes "::". */
static void ntop6(const unsigned char *a, char *buf, size_t len)
{
	int best = -1, best_len = 1;
	size_t at = 0;

	for (int i = 0; i < 8; i++) {
		int n = 0;
		while (i + n < 8 && !a[2 * (i + n)] && !a[2 * (i + n) + 1])
			n++;
		if (n > best_len) {
			best = i;
			best_len = n;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			at += snprintf(buf + at, len - at, i ? ":" : "::");
			i += best_len - 1;
			continue;
		}
		at += snprintf(buf + at, len - at, "%x%s", a[2 * i] << 8 | a[2 * i + 1], i < 7 ? ":" : "");
	}
}

const char *inet_ntop(int family, const void *restrict addr, char *restrict to, socklen_t len)
{
	static const unsigned char mapped[12] = { [10] = 0xff, 0xff };
	const unsigned char *a = addr;
	char buf[64];

	if (family == AF_INET)
		snprintf(buf, sizeof(buf), "%d.%d.%d.%d", a[0], a[1], a[2], a[3]);
	else if (family == AF_INET6 && !memcmp(a, mapped, 12))
		snprintf(buf, sizeof(buf), "::ffff:%d.%d.%d.%d", a[12], a[13], a[14], a[15]);
	else if (family == AF_INET6)
		ntop6(a, buf, sizeof(buf));
	else {
		errno = EAFNOSUPPORT;
		return 0;
	}
	if (strlcpy(to, buf, len) < len)
		return to;
	errno = ENOSPC;
	return 0;
}
