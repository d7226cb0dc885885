/* SPDX-License-Identifier: MIT */
/* gethostbyname.c: the old look-ups, on the new ones. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include "resolver.h"

/* A host entry with what it points to. */
struct store {
	char name[256];
	char *aliases[1];
	char *list[ADDRESSES + 1];
	unsigned char addr[ADDRESSES][16];
};

static int h_error(int eai)
{
	switch (eai) {
	case EAI_NONAME: return HOST_NOT_FOUND;
	case EAI_NODATA: return NO_DATA;
	case EAI_AGAIN: return TRY_AGAIN;
	}
	return NO_RECOVERY;
}

static struct store *place(char *buf, size_t len)
{
	size_t pad = -(size_t)buf & 15;

	return len >= sizeof(struct store) + pad ? (struct store *)(buf + pad) : 0;
}

static void describe(struct hostent *h, struct store *st, int family)
{
	st->aliases[0] = 0;
	*h = (struct hostent){ st->name, st->aliases, family, family == AF_INET ? 4 : 16, st->list };
}

int gethostbyname2_r(const char *name, int family, struct hostent *h, char *buf, size_t len,
	struct hostent **result, int *err)
{
	struct address addr[ADDRESSES];
	struct store *st = place(buf, len);
	int n;

	*result = 0;
	if (!st) {
		*err = NETDB_INTERNAL;
		return ERANGE;
	}
	n = __lookup_name(addr, st->name, name, family, 0);
	if (n < 0) {
		*err = h_error(n);
		return n == EAI_MEMORY ? ENOMEM : n == EAI_AGAIN ? EAGAIN : 0;
	}
	for (int i = 0; i < n; i++) {
		memcpy(st->addr[i], addr[i].addr, 16);
		st->list[i] = (char *)st->addr[i];
	}
	st->list[n] = 0;
	describe(h, st, family);
	*result = h;
	return 0;
}

int gethostbyname_r(const char *name, struct hostent *h, char *buf, size_t len, struct hostent **result, int *err)
{
	return gethostbyname2_r(name, AF_INET, h, buf, len, result, err);
}

int gethostbyaddr_r(const void *addr, socklen_t alen, int family, struct hostent *h, char *buf, size_t len,
	struct hostent **result, int *err)
{
	struct store *st = place(buf, len);

	*result = 0;
	if (!st) {
		*err = NETDB_INTERNAL;
		return ERANGE;
	}
	if (!((family == AF_INET && alen == 4) || (family == AF_INET6 && alen == 16))) {
		*err = NO_RECOVERY;
		return EINVAL;
	}
	__lookup_address(st->name, sizeof(st->name), family, addr);
	if (!*st->name) {
		*err = HOST_NOT_FOUND;
		return 0;
	}
	memcpy(st->addr[0], addr, alen);
	st->list[0] = (char *)st->addr[0];
	st->list[1] = 0;
	describe(h, st, family);
	*result = h;
	return 0;
}

static struct hostent own;
static char own_buf[sizeof(struct store) + 16];

struct hostent *gethostbyname2(const char *name, int family)
{
	struct hostent *h;
	int err = gethostbyname2_r(name, family, &own, own_buf, sizeof(own_buf), &h, &h_errno);

	if (err)
		errno = err;
	return h;
}

struct hostent *gethostbyname(const char *name)
{
	return gethostbyname2(name, AF_INET);
}

struct hostent *gethostbyaddr(const void *addr, socklen_t len, int family)
{
	struct hostent *h;
	int err = gethostbyaddr_r(addr, len, family, &own, own_buf, sizeof(own_buf), &h, &h_errno);

	if (err)
		errno = err;
	return h;
}

void sethostent(int stay)
{
	(void)stay;
}

void endhostent(void)
{
}

struct hostent *gethostent(void)
{
	return 0;
}

const char *hstrerror(int err)
{
	switch (err) {
	case NETDB_SUCCESS: return "Resolver Error 0 (no error)";
	case HOST_NOT_FOUND: return "Unknown host";
	case TRY_AGAIN: return "Host name lookup failure";
	case NO_RECOVERY: return "Unknown server error";
	case NO_DATA: return "No address associated with name";
	case NETDB_INTERNAL: return "Resolver internal error";
	}
	return "Unknown resolver error";
}

void herror(const char *msg)
{
	fprintf(stderr, "%s%s%s\n", msg ? msg : "", msg ? ": " : "", hstrerror(h_errno));
}
