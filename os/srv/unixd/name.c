/* SPDX-License-Identifier: MIT */
/* Names: what bind says of a socket, abstract names, address files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "unixd.h"

int64_t name_read(struct srv_req *r, uint64_t n, struct name *out)
{
	int64_t got;

	memset(out, 0, sizeof(*out));
	if (n < sizeof(sa_family_t) || n > sizeof(out->sa))
		return -EINVAL;
	got = sys_msg_read(r->m.token, 0, 0, &out->sa, n);
	if (got != (int64_t)n)
		return got < 0 ? got : -EFAULT;
	if (out->sa.sun_family != AF_UNIX)
		return -EINVAL;
	out->len = (socklen_t)n;
	return 0;
}

static bool is_abstract(const struct name *n)
{
	return n->len > sizeof(sa_family_t) && !n->sa.sun_path[0];
}

static struct sock *by_abstract(const struct name *n)
{
	for (struct sock *s = NULL; (s = sock_each(s)); )
		if (s->own.len == n->len && is_abstract(&s->own) && !memcmp(&s->own.sa, &n->sa, n->len) &&
		    s->state != CONNECTED)
			return s;
	return NULL;
}

/* The address file outlives nothing: it is closed with the socket, and leads nowhere then. */
int64_t name_address(struct srv_req *r, struct sock *s)
{
	struct handle_info info;
	int64_t h;

	if (s->own.len)
		return -EINVAL;
	if (s->address == H_NONE) {
		h = srv_file(&unixd, s->id + 1, 0, 0, 0);
		if (h < 0)
			return h;
		s->address = (handle_t)h;
		if (sys_handle_info(s->address, &info) >= 0)
			s->address_koid = info.koid;
	}
	h = sys_handle_dup(s->address, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

/* A name that nobody has, for an address that holds the family alone. */
static void make_up(struct name *n)
{
	static uint32_t number;

	do {
		n->len = sizeof(sa_family_t) + 6;
		snprintf(n->sa.sun_path + 1, 6, "%05x", number++ & 0xfffff);
	} while (by_abstract(n));
}

int64_t name_bind(struct srv_req *r, struct sock *s)
{
	struct name n;
	int64_t err = name_read(r, r->m.r[0].len, &n);

	if (err)
		return err;
	if (s->own.len)
		return -EINVAL;
	if (n.len == sizeof(sa_family_t))
		make_up(&n);
	else if (is_abstract(&n) && by_abstract(&n))
		return -EADDRINUSE;
	s->own = n;
	return 0;
}

int64_t name_target(const struct name *n, handle_t h, struct sock **out)
{
	struct handle_info info;

	*out = NULL;
	if (h == H_NONE) {
		*out = is_abstract(n) ? by_abstract(n) : NULL;
		return *out ? 0 : is_abstract(n) ? -ECONNREFUSED : -EINVAL;
	}
	/* The id in it is only believed when the object is the very one that was given out. */
	if (sys_handle_info(h, &info) < 0 || info.kind != OBJ_FILE)
		return -EINVAL;
	*out = sock_find(info.id);
	if (*out && ((*out)->address == H_NONE || (*out)->address_koid != info.koid))
		*out = NULL;
	return *out ? 0 : -ECONNREFUSED;
}

int64_t name_tell(struct srv_req *r, const struct name *n)
{
	struct name none = { .len = sizeof(sa_family_t), .sa = { .sun_family = AF_UNIX } };

	if (!n->len)
		n = &none;
	if (srv_put(r, &n->sa, n->len) < 0)
		return -EFAULT;
	r->m.w[1] = n->len;
	return 0;
}
