/* SPDX-License-Identifier: MIT */
/* socket.c: sockets. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int socket(int domain, int type, int proto)
{
	return __ret(plat_socket(domain, type, proto));
}

int socketpair(int domain, int type, int proto, int fds[2])
{
	return __ret(plat_socketpair(domain, type, proto, fds));
}

int shutdown(int fd, int how)
{
	return __ret(plat_shutdown(fd, how));
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return __ret(plat_bind(fd, addr, len));
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_connect(fd, addr, len));
}

int listen(int fd, int backlog)
{
	return __ret(plat_listen(fd, backlog));
}

int accept(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_accept4(fd, addr, len, 0));
}

int accept4(int fd, struct sockaddr *restrict addr, socklen_t *restrict len, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_accept4(fd, addr, len, flags));
}

int getsockname(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	return __ret(plat_getsockname(fd, addr, len));
}

int getpeername(int fd, struct sockaddr *restrict addr, socklen_t *restrict len)
{
	return __ret(plat_getpeername(fd, addr, len));
}

ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_sendto(fd, buf, len, flags, 0, 0));
}

ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_recvfrom(fd, buf, len, flags, 0, 0));
}

ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *addr, socklen_t alen)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_sendto(fd, buf, len, flags, addr, alen));
}

ssize_t recvfrom(int fd, void *restrict buf, size_t len, int flags, struct sockaddr *restrict addr,
	socklen_t *restrict alen)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_recvfrom(fd, buf, len, flags, addr, alen));
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_sendmsg(fd, msg, flags));
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_recvmsg(fd, msg, flags));
}

int getsockopt(int fd, int level, int name, void *restrict val, socklen_t *restrict len)
{
	return __ret(plat_getsockopt(fd, level, name, val, len));
}

int setsockopt(int fd, int level, int name, const void *val, socklen_t len)
{
	return __ret(plat_setsockopt(fd, level, name, val, len));
}

int sendmmsg(int fd, struct mmsghdr *v, unsigned n, unsigned flags)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		ssize_t r = sendmsg(fd, &v[i].msg_hdr, flags);
		if (r < 0)
			return i ? (int)i : -1;
		v[i].msg_len = r;
	}
	return i;
}

int recvmmsg(int fd, struct mmsghdr *v, unsigned n, unsigned flags, struct timespec *timeout)
{
	unsigned i;

	(void)timeout;		/* only looked at between messages, as on Linux */
	for (i = 0; i < n; i++) {
		int more = i && flags & MSG_WAITFORONE ? MSG_DONTWAIT : 0;
		ssize_t r = recvmsg(fd, &v[i].msg_hdr, (flags & ~MSG_WAITFORONE) | more);
		if (r < 0)
			return i ? (int)i : -1;
		v[i].msg_len = r;
	}
	return i;
}

int sockatmark(int fd)
{
	int mark = 0, r = plat_ioctl(fd, SIOCATMARK, &mark);

	return r < 0 ? __ret(r) : mark;
}
