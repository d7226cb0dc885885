/* SPDX-License-Identifier: MIT */
/* socket.c: sockets, on Linux. */
#include "sys.h"

int plat_socket(int domain, int type, int proto)
{
	return sys(SYS_socket, domain, type, proto);
}

int plat_socketpair(int domain, int type, int proto, int fds[2])
{
	return sys(SYS_socketpair, domain, type, proto, fds);
}

int plat_bind(int fd, const void *addr, unsigned len)
{
	return sys(SYS_bind, fd, addr, len);
}

int plat_listen(int fd, int backlog)
{
	return sys(SYS_listen, fd, backlog);
}

int plat_accept4(int fd, void *addr, unsigned *len, int flags)
{
	return sys_cp(SYS_accept4, fd, addr, len, flags);
}

int plat_connect(int fd, const void *addr, unsigned len)
{
	return sys_cp(SYS_connect, fd, addr, len);
}

int plat_getsockname(int fd, void *addr, unsigned *len)
{
	return sys(SYS_getsockname, fd, addr, len);
}

int plat_getpeername(int fd, void *addr, unsigned *len)
{
	return sys(SYS_getpeername, fd, addr, len);
}

long plat_sendto(int fd, const void *buf, size_t len, int flags, const void *addr, unsigned alen)
{
	return sys_cp(SYS_sendto, fd, buf, len, flags, addr, alen);
}

long plat_recvfrom(int fd, void *buf, size_t len, int flags, void *addr, unsigned *alen)
{
	return sys_cp(SYS_recvfrom, fd, buf, len, flags, addr, alen);
}

long plat_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return sys_cp(SYS_sendmsg, fd, msg, flags);
}

long plat_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return sys_cp(SYS_recvmsg, fd, msg, flags);
}

int plat_shutdown(int fd, int how)
{
	return sys(SYS_shutdown, fd, how);
}

int plat_getsockopt(int fd, int level, int name, void *val, unsigned *len)
{
	return sys(SYS_getsockopt, fd, level, name, val, len);
}

int plat_setsockopt(int fd, int level, int name, const void *val, unsigned len)
{
	return sys(SYS_setsockopt, fd, level, name, val, len);
}
