/* SPDX-License-Identifier: MIT */
/*
 * unix.c: sockets of AF_UNIX as far as servers are concerned: names and datagrams. See "AF_UNIX" in
 * abi/file.h. The data of connected streams is the kernel's (socket.c).
 */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include "calx.h"
#include "unix.h"

#define PREFIX "/net/unix"
#define SMALL 4096
#define ROOM_MAX 262144		/* most bytes of a datagram asked for */
#define FAMILY offsetof(struct sockaddr_un, sun_path)

int __unix_socket(int type, int proto)
{
	struct msg m = { .w = { S_SOCKET, AF_UNIX, type & ~SOCK_CLOEXEC, proto } };
	int slot;
	long r = -EIO;

	for (int try = 0; try < 2; try++) {
		handle_t root = __path_server(PREFIX, &slot);
		if (root < 0)
			return -EAFNOSUPPORT;
		m.hflags = H_PUT_LOW | (type & SOCK_CLOEXEC ? H_CLOEXEC : 0);
		r = sys(SYS_call, root, &m);
		if (r != -EDEADSERVER || __mount_renew(slot))
			break;
	}
	if (r < 0)
		return r == -EDEADSERVER ? -EIO : r;
	return m.nh ? m.h[0] : -EIO;
}

/* The path in an address as text; 0 when it has none (abstract or empty), or -errno. */
static int path_of(const void *addr, unsigned len, char path[sizeof(struct sockaddr_un)])
{
	const struct sockaddr_un *un = addr;

	if (len < FAMILY || len > sizeof(*un))
		return -EINVAL;
	if (un->sun_family != AF_UNIX)
		return -EAFNOSUPPORT;
	if (len == FAMILY || !un->sun_path[0])
		return 0;
	memcpy(path, un->sun_path, len - FAMILY);
	path[len - FAMILY] = 0;
	return 1;
}

static long call(int fd, struct msg *m)
{
	long r = __calx_call_cp(fd, m);

	return r == -ENOSYS || r == -ENOTTY ? -ENOTSOCK : r;
}

/* Puts the socket's address file behind a new node. */
static int make_node(int fd, const char *path)
{
	struct msg m = { .w = { S_ADDRESS } };
	handle_t h;
	long r = call(fd, &m);

	if (r < 0)
		return r;
	if (!m.nh)
		return -EIO;
	h = m.h[0];
	m = (struct msg){ .w = { F_BIND, 0, 0777 & ~__calx.umask }, .h = { h }, .nh = 1 };
	r = __path_call(AT_FDCWD, path, 0, &m, 0);
	sys(SYS_handle_close, h);
	return r < 0 ? r : 0;
}

int __unix_bind(int fd, const void *addr, unsigned len)
{
	char path[sizeof(struct sockaddr_un)];
	struct msg m = { .w = { S_BIND }, .r[0] = { (uint64_t)addr, len } };
	int named = path_of(addr, len, path);
	long r = named > 0 ? make_node(fd, path) : named;

	if (r < 0)
		return r;
	/* What getsockname tells ends with the path's zero byte, where there is room for it. */
	if (named && FAMILY + strlen(path) < len)
		m.r[0].len = FAMILY + strlen(path) + 1;
	r = call(fd, &m);
	return r < 0 ? r : 0;
}

/* The address file that a path leads to goes into m; the caller closes *h. */
static int find(const void *addr, unsigned len, struct msg *m, handle_t *h)
{
	char path[sizeof(struct sockaddr_un)];
	struct msg q = { .w = { F_CONNECT } };
	int named = path_of(addr, len, path);
	long r;

	*h = H_NONE;
	if (named <= 0)
		return named;
	r = __path_call(AT_FDCWD, path, 0, &q, 0);
	if (r < 0)
		return r == -ENOSYS ? -ECONNREFUSED : r;
	if (!q.nh)
		return -EIO;
	*h = m->h[0] = q.h[0];
	m->nh = 1;
	return 0;
}

int __unix_connect(int fd, const void *addr, unsigned len)
{
	struct msg m = { .w = { S_CONNECT }, .r[0] = { (uint64_t)addr, len } };
	handle_t h;
	long r = find(addr, len, &m, &h);

	if (!r)
		r = call(fd, &m);
	if (h != H_NONE)
		sys(SYS_handle_close, h);
	return r < 0 ? r : 0;
}

/* -- datagrams -- */

static void *get_room(void *small, size_t len)
{
	long p;

	if (len <= SMALL)
		return small;
	p = plat_mmap(0, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p < 0 && p > -4096 ? 0 : (void *)p;
}

static void put_room(void *p, void *small, size_t len)
{
	if (p && p != small)
		plat_munmap(p, len);
}

static size_t iov_len(const struct iovec *iov, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += iov[i].iov_len;
	return n;
}

/* Descriptors to send, behind what m holds already. */
static int take_rights(const struct msghdr *h, struct msg *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		const int *fd = (const int *)CMSG_DATA(c);

		if (c->cmsg_level != SOL_SOCKET)
			return -EINVAL;
		if (c->cmsg_type != SCM_RIGHTS)
			continue;	/* credentials are the server's to say */
		for (size_t i = 0; i < n; i++) {
			if (m->nh == MSG_HANDLES)
				return -ETOOMANYREFS;
			if (fd[i] < 0 || fd[i] >= H_HIGH)
				return -EBADF;
			m->h[m->nh++] = fd[i];
		}
	}
	return 0;
}

static long send_buffer(int fd, const struct msghdr *h, struct msg *m, char *buf, size_t size)
{
	size_t at = h->msg_name ? h->msg_namelen : 0;

	memcpy(buf, h->msg_name, at);
	m->w[2] = at;
	for (size_t i = 0; i < (size_t)h->msg_iovlen; i++) {
		memcpy(buf + at, h->msg_iov[i].iov_base, h->msg_iov[i].iov_len);
		at += h->msg_iov[i].iov_len;
	}
	m->r[0] = (struct msg_range){ (uint64_t)buf, size };
	return call(fd, m);
}

long __unix_send(int fd, const struct msghdr *h, int flags)
{
	char small[SMALL], *buf;
	struct msg m = { .w = { S_USEND, (unsigned)flags } };
	unsigned alen = h->msg_name ? h->msg_namelen : 0;
	size_t len = iov_len(h->msg_iov, h->msg_iovlen), size = alen + len;
	handle_t address = H_NONE;
	long r;

	if (len > ROOM_MAX)
		return -EMSGSIZE;
	r = alen ? find(h->msg_name, alen, &m, &address) : 0;
	if (r < 0)
		return r;
	m.w[3] = address != H_NONE;
	r = take_rights(h, &m);
	if (!r) {
		buf = get_room(small, size);
		r = buf ? send_buffer(fd, h, &m, buf, size) : -ENOMEM;
		put_room(buf, small, size);
	}
	if (address != H_NONE)
		sys(SYS_handle_close, address);
	return r;
}

static void scatter(const char *buf, size_t n, const struct iovec *iov, size_t count)
{
	for (size_t i = 0; i < count && n; i++) {
		size_t part = iov[i].iov_len < n ? iov[i].iov_len : n;

		memcpy(iov[i].iov_base, buf, part);
		buf += part;
		n -= part;
	}
}

/* Appends to the control data: false when it does not fit. */
static int put_control(struct msghdr *h, size_t *used, int type, const void *data, size_t n)
{
	struct cmsghdr *c = (void *)((char *)h->msg_control + *used);
	size_t space = CMSG_SPACE(n);

	if (!h->msg_control || *used + CMSG_LEN(n) > h->msg_controllen)
		return 0;
	c->cmsg_len = CMSG_LEN(n);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = type;
	memcpy(CMSG_DATA(c), data, n);
	*used = *used + space < h->msg_controllen ? *used + space : h->msg_controllen;
	return 1;
}

static void take_handles(struct msghdr *h, size_t *used, const struct msg *m, int flags)
{
	int fds[MSG_HANDLES];
	unsigned n = 0;

	for (unsigned i = 0; i < m->nh; i++) {
		int fits = h->msg_control && *used + CMSG_LEN((n + 1) * sizeof(int)) <= h->msg_controllen;
		long fd = fits ? sys(SYS_handle_dup, m->h[i], 0, flags & MSG_CMSG_CLOEXEC ? H_CLOEXEC : 0) : -1;

		sys(SYS_handle_close, m->h[i]);
		if (fd >= 0)
			fds[n++] = fd;
		else
			h->msg_flags |= MSG_CTRUNC;
	}
	if (n)
		put_control(h, used, SCM_RIGHTS, fds, n * sizeof(int));
}

/* What came with the data. */
static void finish(struct msghdr *h, const struct msg *m, const char *addr, int flags)
{
	struct ucred who = { (pid_t)m->w[3], CRED_UID(m->w[4]), CRED_GID(m->w[4]) };
	size_t used = 0;

	h->msg_flags = m->w[2];
	if (h->msg_name) {
		memcpy(h->msg_name, addr, m->w[1] < h->msg_namelen ? m->w[1] : h->msg_namelen);
		h->msg_namelen = m->w[1];
	}
	if (m->w[5] && !put_control(h, &used, SCM_CREDENTIALS, &who, sizeof(who)) && h->msg_control)
		h->msg_flags |= MSG_CTRUNC;
	take_handles(h, &used, m, flags);
	h->msg_controllen = used;
}

long __unix_recv(int fd, struct msghdr *h, int flags)
{
	char small[SMALL], *buf;
	size_t want = iov_len(h->msg_iov, h->msg_iovlen), size;
	struct msg m = { .w = { S_URECV, (unsigned)flags } };
	long r;

	if (want > ROOM_MAX)
		want = ROOM_MAX;
	size = UNIX_ADDR + want;
	buf = get_room(small, size);
	if (!buf)
		return -ENOMEM;
	m.r[1] = (struct msg_range){ (uint64_t)buf, size };
	r = call(fd, &m);
	if (r >= 0) {
		scatter(buf + UNIX_ADDR, (size_t)r < want ? (size_t)r : want, h->msg_iov, h->msg_iovlen);
		finish(h, &m, buf, flags);
	}
	put_room(buf, small, size);
	return r;
}
