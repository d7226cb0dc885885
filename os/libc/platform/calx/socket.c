/* SPDX-License-Identifier: MIT */
/*
 * socket.c: sockets of the network server (their data: socket_msg.c), and of pairs, which the kernel
 * alone moves.
 *
 * Data is first offered to the kernel (socket_chan.c), which says -ENOTSOCK when a server has it. A
 * pair answers no message: calls on it fail with -ENOTTY.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "calx.h"
#include "../../../abi/chan.h"
#include "socket_chan.h"
#include "socket_msg.h"
#include "unix.h"

#define ADDR_MAX 128		/* room for an address */

static int bad_fd(int fd)
{
	return fd < 0 || fd >= H_HIGH;
}

static int is_pair(int fd)
{
	struct handle_info hi;

	return sys(SYS_handle_info, fd, &hi) >= 0 && hi.kind == OBJ_FILE && hi.plane == PLANE_CHAN;
}

/* A call on a socket; what is no socket gives -ENOTSOCK. */
static long call(int fd, struct msg *m)
{
	long r;

	if (bad_fd(fd))
		return -EBADF;
	r = __calx_call_cp(fd, m);
	return r == -ENOSYS || r == -ENOTTY ? -ENOTSOCK : r;
}

int plat_socket(int domain, int type, int proto)
{
	struct msg m = { .w = { S_SOCKET, domain, type & ~SOCK_CLOEXEC, proto } };
	int slot;
	long r = -EIO;

	if (domain == AF_UNIX)
		return __unix_socket(type, proto);
	for (int try = 0; try < 2; try++) {
		handle_t root = __path_server("/net", &slot);
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

int plat_socketpair(int domain, int type, int proto, int fds[2])
{
	int flags = (type & SOCK_CLOEXEC ? O_CLOEXEC : 0) | (type & SOCK_NONBLOCK ? O_NONBLOCK : 0);

	if (domain != AF_UNIX)
		return -EOPNOTSUPP;
	if (proto)
		return -EPROTONOSUPPORT;
	switch (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) {
	case SOCK_STREAM: break;
	case SOCK_DGRAM:
	case SOCK_SEQPACKET: flags |= PAIR_RECORDS; break;
	default: return -EPROTONOSUPPORT;
	}
	return sys(SYS_pair, fds, flags);
}

static int with_address(int fd, uint64_t op, const void *addr, unsigned len)
{
	struct msg m = { .w = { op }, .r[0] = { (uint64_t)addr, len } };
	long r = call(fd, &m);

	return r < 0 ? r : 0;
}

static int is_unix(const void *addr, unsigned len)
{
	return len >= sizeof(sa_family_t) && *(const sa_family_t *)addr == AF_UNIX;
}

int plat_bind(int fd, const void *addr, unsigned len)
{
	if (is_unix(addr, len))
		return __unix_bind(fd, addr, len);
	return with_address(fd, S_BIND, addr, len);
}

int plat_connect(int fd, const void *addr, unsigned len)
{
	if (is_unix(addr, len))
		return __unix_connect(fd, addr, len);
	return with_address(fd, S_CONNECT, addr, len);
}

int plat_listen(int fd, int backlog)
{
	struct msg m = { .w = { S_LISTEN, backlog } };
	long r = call(fd, &m);

	return r < 0 ? r : 0;
}

static void give_address(const void *from, size_t n, void *addr, unsigned *len)
{
	if (!addr || !len)
		return;
	memcpy(addr, from, n < *len ? n : *len);
	*len = n;
}

int plat_accept4(int fd, void *addr, unsigned *len, int flags)
{
	char peer[ADDR_MAX];
	struct msg m = { .w = { S_ACCEPT, 0, flags & ~SOCK_CLOEXEC }, .r[1] = { (uint64_t)peer, sizeof(peer) } };
	long r;

	m.hflags = H_PUT_LOW | (flags & SOCK_CLOEXEC ? H_CLOEXEC : 0);
	r = call(fd, &m);
	if (r < 0)
		return r;
	if (!m.nh)
		return -EIO;
	give_address(peer, m.w[1] < sizeof(peer) ? m.w[1] : sizeof(peer), addr, len);
	return m.h[0];
}

static int name(int fd, int peer, void *addr, unsigned *len)
{
	char buf[ADDR_MAX];
	struct msg m = { .w = { S_NAME, peer }, .r[1] = { (uint64_t)buf, sizeof(buf) } };
	long r = call(fd, &m);

	if (r < 0 && !bad_fd(fd) && is_pair(fd)) {
		*(sa_family_t *)buf = AF_UNIX;
		m.w[1] = sizeof(sa_family_t);
	} else if (r < 0) {
		return r;
	}
	give_address(buf, m.w[1] < sizeof(buf) ? m.w[1] : sizeof(buf), addr, len);
	return 0;
}

int plat_getsockname(int fd, void *addr, unsigned *len)
{
	return name(fd, 0, addr, len);
}

int plat_getpeername(int fd, void *addr, unsigned *len)
{
	return name(fd, 1, addr, len);
}

int plat_shutdown(int fd, int how)
{
	struct msg m = { .w = { S_SHUTDOWN, how } };
	long r;

	if ((unsigned)how > 2)
		return -EINVAL;
	r = call(fd, &m);
	if (r < 0 && !bad_fd(fd) && is_pair(fd))
		r = sys(SYS_shutdown, fd, how);
	return r < 0 ? r : 0;
}

/* What a pair says of itself. */
static int pair_option(int fd, int level, int name, void *val, unsigned *len)
{
	struct handle_info hi;
	int v = 0;

	if (sys(SYS_handle_info, fd, &hi) < 0 || hi.plane != PLANE_CHAN || !(hi.chan & CHAN_TWO_WAY))
		return -ENOTSOCK;
	if (level != SOL_SOCKET)
		return -ENOPROTOOPT;
	if (name == SO_PEERCRED) {
		int who[3] = { hi.peer_pid, CRED_UID(hi.peer_cred), CRED_GID(hi.peer_cred) };
		*len = *len < sizeof(who) ? *len : sizeof(who);
		memcpy(val, who, *len);
		return 0;
	}
	switch (name) {
	case SO_TYPE: v = hi.chan & CHAN_RECORDS ? SOCK_DGRAM : SOCK_STREAM; break;
	case SO_ACCEPTCONN:
	case SO_PROTOCOL: break;
	case SO_PASSCRED: v = __chan_passcred(fd, 0, 0); break;
	case SO_DOMAIN: v = AF_UNIX; break;
	case SO_ERROR: break;
	case SO_RCVBUF:
	case SO_SNDBUF: v = 65536; break;
	default: return -ENOPROTOOPT;
	}
	memcpy(val, &v, *len < sizeof(v) ? *len : sizeof(v));
	*len = sizeof(v);
	return 0;
}

int plat_getsockopt(int fd, int level, int name, void *val, unsigned *len)
{
	struct msg m = { .w = { S_GETOPT, level, name }, .r[1] = { (uint64_t)val, *len } };
	long r = call(fd, &m);

	if (r < 0 && !bad_fd(fd) && is_pair(fd))
		return pair_option(fd, level, name, val, len);
	if (r < 0)
		return r;
	*len = m.w[1];
	return 0;
}

int plat_setsockopt(int fd, int level, int name, const void *val, unsigned len)
{
	struct msg m = { .w = { S_SETOPT, level, name }, .r[0] = { (uint64_t)val, len } };
	long r = call(fd, &m);

	if (r < 0 && !bad_fd(fd) && is_pair(fd)) {
		if (level == SOL_SOCKET && name == SO_PASSCRED && len >= sizeof(int))
			return __chan_passcred(fd, 1, *(const int *)val);
		return level == SOL_SOCKET ? 0 : -ENOPROTOOPT;
	}
	return r < 0 ? r : 0;
}

/* -- data -- */

/* A broken connection raises SIGPIPE unless the caller does not want it. */
static long broken(long r, int flags)
{
	if (r == -EPIPE && !(flags & MSG_NOSIGNAL))
		plat_raise(SIGPIPE);
	return r;
}

static long send_message(int fd, const struct msghdr *h, int flags)
{
	long r = __chan_send(fd, h, flags);

	if (r == -ENOTSOCK)
		r = __msg_send(fd, h, flags);
	else
		return r;
	return broken(r == -EAFNOSUPPORT ? __unix_send(fd, h, flags) : r, flags);
}

static long recv_message(int fd, struct msghdr *h, int flags)
{
	long r = __chan_recv(fd, h, flags);

	if (r == -ENOTSOCK)
		r = __msg_recv(fd, h, flags);
	return r == -EAFNOSUPPORT ? __unix_recv(fd, h, flags) : r;
}

long plat_sendto(int fd, const void *buf, size_t len, int flags, const void *addr, unsigned alen)
{
	struct iovec iov = { (void *)buf, len };
	struct msghdr h = { .msg_name = (void *)addr, .msg_namelen = alen, .msg_iov = &iov, .msg_iovlen = 1 };

	return send_message(fd, &h, flags);
}

long plat_recvfrom(int fd, void *buf, size_t len, int flags, void *addr, unsigned *alen)
{
	struct iovec iov = { buf, len };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	long r;

	if (addr && alen) {
		h.msg_name = addr;
		h.msg_namelen = *alen;
	}
	r = recv_message(fd, &h, flags);
	if (r >= 0 && h.msg_name)
		*alen = h.msg_namelen;
	return r;
}

long plat_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return send_message(fd, msg, flags);
}

long plat_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return recv_message(fd, msg, flags);
}
