/* SPDX-License-Identifier: MIT */
/* socket_chan.c: local sockets: data, descriptors and credentials over the kernel's channels. */
#include <sys/socket.h>
#include <sys/uio.h>
#include "calx.h"
#include "socket_chan.h"
#include "../../../abi/chan.h"

_Static_assert(MSG_PEEK == CHAN_PEEK && MSG_DONTWAIT == CHAN_DONTWAIT && MSG_TRUNC == CHAN_TRUNC &&
	MSG_CTRUNC == CHAN_CTRUNC && MSG_WAITALL == CHAN_WAITALL && MSG_NOSIGNAL == CHAN_NOSIGNAL &&
	MSG_CMSG_CLOEXEC == CHAN_CLOEXEC, "the kernel's flags");

#define PASSCRED_MAX 64

/* Sockets with SO_PASSCRED, by koid; 0: free. Under __calx_lock. */
static uint64_t passcred[PASSCRED_MAX];

int __chan_passcred(int fd, int set, int value)
{
	struct handle_info hi;
	int at = -1, room = -1;

	if (sys(SYS_handle_info, fd, &hi) < 0)
		return 0;
	__calx_lock();
	for (int i = 0; i < PASSCRED_MAX; i++) {
		if (passcred[i] == hi.koid)
			at = i;
		else if (!passcred[i] && room < 0)
			room = i;
	}
	if (set && at >= 0 && !value)
		passcred[at] = 0;
	else if (set && at < 0 && value && room >= 0)
		passcred[at = room] = hi.koid;
	__calx_unlock();
	return set ? (value && at < 0 ? -ENOBUFS : 0) : at >= 0;
}

/* The descriptors of all SCM_RIGHTS in h. */
static int rights_of(const struct msghdr *h, handle_t *fds, uint32_t *n)
{
	*n = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		size_t count;
		if (c->cmsg_len < CMSG_LEN(0))
			return -EINVAL;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type == SCM_CREDENTIALS)
			continue;		/* the kernel says who sends */
		if (c->cmsg_type != SCM_RIGHTS || *n + count > CHAN_HANDLES)
			return -EINVAL;
		memcpy(fds + *n, CMSG_DATA(c), count * sizeof(int));
		*n += count;
	}
	for (uint32_t i = 0; i < *n; i++)
		if (fds[i] < 0 || fds[i] >= H_HIGH)
			return -EBADF;
	return 0;
}

long __chan_send(int fd, const struct msghdr *h, int flags)
{
	handle_t fds[CHAN_HANDLES];
	struct chan_io io = { .iov = (uint64_t)h->msg_iov, .niov = h->msg_iovlen,
		.flags = flags & (MSG_DONTWAIT | MSG_NOSIGNAL), .handles = (uint64_t)fds };
	int err = 0;

	if (fd < 0 || fd >= H_HIGH)
		return -EBADF;
	if (h->msg_controllen)
		err = rights_of(h, fds, &io.nh);
	return err ? err : sys_cp(SYS_chan_send, fd, &io);
}

/* Adds one piece of control data; what has no room is said. */
static void put_control(struct msghdr *h, size_t *at, int type, const void *data, size_t len)
{
	struct cmsghdr *c = (void *)((char *)h->msg_control + *at);

	if (h->msg_controllen - *at < CMSG_LEN(len)) {
		h->msg_flags |= MSG_CTRUNC;
		return;
	}
	c->cmsg_len = CMSG_LEN(len);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = type;
	memcpy(CMSG_DATA(c), data, len);
	*at += CMSG_SPACE(len);
	if (*at > h->msg_controllen)
		*at = h->msg_controllen;
}

/* How many descriptors the control buffer has room for, with credentials before them. */
static uint32_t room_for(const struct msghdr *h, size_t cred)
{
	size_t left = h->msg_controllen > cred ? h->msg_controllen - cred : 0, n;

	n = left > CMSG_LEN(0) ? (left - CMSG_LEN(0)) / sizeof(int) : 0;
	return n < CHAN_HANDLES ? n : CHAN_HANDLES;
}

static void give_control(struct msghdr *h, const struct chan_io *io, const handle_t *fds, int cred)
{
	size_t at = 0;
	struct { int pid; unsigned uid, gid; } who = { io->pid, (uint32_t)io->cred, io->cred >> 32 };

	if (cred)
		put_control(h, &at, SCM_CREDENTIALS, &who, sizeof(who));
	if (io->nh)
		put_control(h, &at, SCM_RIGHTS, fds, io->nh * sizeof(*fds));
	h->msg_controllen = at;
}

long __chan_recv(int fd, struct msghdr *h, int flags)
{
	handle_t fds[CHAN_HANDLES];
	struct chan_io io = { .iov = (uint64_t)h->msg_iov, .niov = h->msg_iovlen, .flags = flags & ~MSG_NOSIGNAL,
		.handles = (uint64_t)fds };
	int cred;
	long r;

	if (fd < 0 || fd >= H_HIGH)
		return -EBADF;
	if (flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC | MSG_WAITALL | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC))
		return -EOPNOTSUPP;
	cred = h->msg_controllen && __chan_passcred(fd, 0, 0);
	io.nh = room_for(h, cred ? CMSG_SPACE(3 * sizeof(int)) : 0);
	r = sys_cp(SYS_chan_recv, fd, &io);
	if (r < 0)
		return r;
	h->msg_namelen = 0;
	h->msg_flags = io.out | (flags & MSG_CMSG_CLOEXEC);
	give_control(h, &io, fds, cred);
	return r;
}
