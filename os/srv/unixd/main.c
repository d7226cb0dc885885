/* SPDX-License-Identifier: MIT */
/* unixd: receives what libc asks of sockets of AF_UNIX, and the root's S_SOCKET. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "unixd.h"

static int64_t do_socket(struct srv_req *r)
{
	int type = (int)r->m.w[2] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct sock *s;
	int64_t err;

	if (r->m.w[1] != AF_UNIX)
		return -EAFNOSUPPORT;
	if (r->m.w[3])
		return -EPROTONOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_SEQPACKET && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	s = sock_new(type, r, type != SOCK_DGRAM);
	if (!s)
		return -ENFILE;
	err = sock_give(r, s);
	if (err)
		sock_free(s);
	return err;
}

static int64_t do_connect(struct srv_req *r, struct sock *s)
{
	struct name n = { 0 };
	struct sock *to = NULL;
	sa_family_t family = 0;
	int64_t err;

	if (r->m.r[0].len >= sizeof(family) &&
	    sys_msg_read(r->m.token, 0, 0, &family, sizeof(family)) == sizeof(family) && family == AF_UNSPEC &&
	    s->type == SOCK_DGRAM)
		return dgram_connect(s, NULL, &n);
	err = name_read(r, r->m.r[0].len, &n);
	if (!err)
		err = name_target(&n, r->m.nh ? r->m.h[0] : H_NONE, &to);
	if (err)
		return err;
	return s->type == SOCK_DGRAM ? dgram_connect(s, to, &n) : stream_connect(r, s, to);
}

static int64_t do_name(struct srv_req *r, struct sock *s)
{
	if (!r->m.w[1])
		return name_tell(r, &s->own);
	return s->state == CONNECTED || s->to ? name_tell(r, &s->peer) : -ENOTCONN;
}

static int64_t do_stat(struct srv_req *r, const struct sock *s)
{
	struct stat st;

	memset(&st, 0, sizeof(st));
	st.st_mode = S_IFSOCK | 0777;
	st.st_dev = 8;
	st.st_ino = s->id;
	st.st_nlink = 1;
	st.st_blksize = 4096;
	st.st_uid = CRED_UID(s->made.cred);
	st.st_gid = CRED_GID(s->made.cred);
	return srv_put(r, &st, sizeof(st)) < 0 ? -EFAULT : 0;
}

static int64_t do_ioctl(struct srv_req *r, const struct sock *s)
{
	int n = s->packets ? (int)s->packets->len : 0;

	if (r->m.w[1] != 0x541b || s->type != SOCK_DGRAM)	/* FIONREAD */
		return -ENOTTY;
	return srv_put(r, &n, sizeof(n)) < 0 ? -EFAULT : 0;
}

/* What differs between kinds of sockets. */
static int64_t data_call(struct srv_req *r, struct sock *s)
{
	if (s->type != SOCK_DGRAM)
		return r->m.w[0] == S_SHUTDOWN && s->state == CONNECTED ? -ENOSYS : -ENOTCONN;
	switch (r->m.w[0]) {
	case S_USEND:
		return dgram_send(r, s);
	case S_URECV:
		return dgram_recv(r, s);
	case F_READ:
		return dgram_read(r, s);
	case F_WRITE:
		return dgram_write(r, s);
	}
	return dgram_shutdown(s, r->m.w[1]);
}

static int64_t sock_call(struct srv_req *r, struct sock *s)
{
	switch (r->m.w[0]) {
	case S_ADDRESS:
		return name_address(r, s);
	case S_BIND:
		return name_bind(r, s);
	case S_CONNECT:
		return do_connect(r, s);
	case S_LISTEN:
		return stream_listen(r, s);
	case S_ACCEPT:
		return stream_accept(r, s);
	case S_NAME:
		return do_name(r, s);
	case S_GETOPT:
		return opts_get(r, s);
	case S_SETOPT:
		return opts_set(r, s);
	case S_SEND:
	case S_RECV:
		return -EAFNOSUPPORT;
	case S_USEND:
	case S_URECV:
	case S_SHUTDOWN:
	case F_READ:
	case F_WRITE:
		return data_call(r, s);
	case F_STAT:
		return do_stat(r, s);
	case F_IOCTL:
		return do_ioctl(r, s);
	}
	return -ENOSYS;
}

static int64_t root_call(struct srv_req *r)
{
	switch (r->m.w[0]) {
	case S_SOCKET:
		return do_socket(r);
	case F_OPEN:
	case F_STAT:
	case F_ACCESS:
		return -EACCES;		/* the root has no files */
	}
	return -ENOSYS;
}

static int64_t call(struct srv *srv, struct srv_req *r)
{
	struct sock *s = r->m.id == ID_ROOT ? NULL : sock_find(r->m.id);

	(void)srv;
	if (r->m.id == ID_ROOT)
		return root_call(r);
	/* An address file is a mere token: it can do nothing. */
	return s && !(r->m.id & 1) ? sock_call(r, s) : -ENOSYS;
}

static void closed(struct srv *srv, uint64_t id)
{
	struct sock *s = id == ID_ROOT || id & 1 ? NULL : sock_find(id);

	(void)srv;
	if (s)
		sock_free(s);
}

static void cancel(struct srv *srv, uint64_t token)
{
	(void)srv;
	for (struct sock *s = NULL; (s = sock_each(s)); ) {
		if (held_cancel(s, token)) {
			srv_reply(token, -EINTR);
			return;
		}
	}
}

struct srv unixd = { .call = call, .close = closed, .cancel = cancel };

int main(void)
{
	int64_t h, err;

	if (srv_init(&unixd))
		srv_die("no port");
	h = srv_file(&unixd, ID_ROOT, 0, 0, 0);
	if (h < 0)
		srv_die("no root file: error %d", (int)-h);
	err = srv_register("/net/unix", (handle_t)h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&unixd);
	return 1;
}
