/* SPDX-License-Identifier: MIT */
/* sys/socket.h: sockets. */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <features.h>

#define __NEED_sa_family_t
#define __NEED_size_t
#define __NEED_socklen_t
#define __NEED_ssize_t
#define __NEED_struct_iovec
#if __VISIBLE_MORE
#define __NEED_gid_t
#define __NEED_pid_t
#define __NEED_struct_timespec
#define __NEED_uid_t
#endif
#include <bits/alltypes.h>

#include <sys/uio.h>

__BEGIN_DECLS

struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen;
	void *msg_control;
	size_t msg_controllen;
	int msg_flags;
};
struct cmsghdr {
	size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
};
struct linger {
	int l_onoff;
	int l_linger;
};
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};
struct sockaddr_storage {
	sa_family_t ss_family;
	char __ss_padding[128 - sizeof(long) - sizeof(sa_family_t)];
	unsigned long __ss_align;
};

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_SEQPACKET 5
#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define SOL_SOCKET 1
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_LINGER 13
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_ACCEPTCONN 30
#define SOMAXCONN 4096
#define MSG_OOB 0x0001
#define MSG_PEEK 0x0002
#define MSG_DONTROUTE 0x0004
#define MSG_CTRUNC 0x0008
#define MSG_TRUNC 0x0020
#define MSG_EOR 0x0080
#define MSG_WAITALL 0x0100
#define MSG_NOSIGNAL 0x4000
#define SCM_RIGHTS 1
#define __CMSG_LEN(c) (((c)->cmsg_len + sizeof(long) - 1) & ~(long)(sizeof(long) - 1))
#define __CMSG_NEXT(c) ((unsigned char *)(c) + __CMSG_LEN(c))
#define __MHDR_END(m) ((unsigned char *)(m)->msg_control + (m)->msg_controllen)
#define CMSG_DATA(c) ((unsigned char *)(((struct cmsghdr *)(c)) + 1))
#define CMSG_NXTHDR(m, c) ((c)->cmsg_len < sizeof(struct cmsghdr) || \
	__CMSG_LEN(c) + sizeof(struct cmsghdr) >= (size_t)(__MHDR_END(m) - (unsigned char *)(c)) \
	? (struct cmsghdr *)0 : (struct cmsghdr *)__CMSG_NEXT(c))
#define CMSG_FIRSTHDR(m) ((size_t)(m)->msg_controllen >= sizeof(struct cmsghdr) ? \
	(struct cmsghdr *)(m)->msg_control : (struct cmsghdr *)0)

int socket(int, int, int);
int socketpair(int, int, int, int[2]);
int shutdown(int, int);
int bind(int, const struct sockaddr *, socklen_t);
int connect(int, const struct sockaddr *, socklen_t);
int listen(int, int);
int accept(int, struct sockaddr *__restrict, socklen_t *__restrict);
int getsockname(int, struct sockaddr *__restrict, socklen_t *__restrict);
int getpeername(int, struct sockaddr *__restrict, socklen_t *__restrict);
ssize_t send(int, const void *, size_t, int);
ssize_t recv(int, void *, size_t, int);
ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
ssize_t recvfrom(int, void *__restrict, size_t, int, struct sockaddr *__restrict,
	socklen_t *__restrict);
ssize_t sendmsg(int, const struct msghdr *, int);
ssize_t recvmsg(int, struct msghdr *, int);
int getsockopt(int, int, int, void *__restrict, socklen_t *__restrict);
int setsockopt(int, int, int, const void *, socklen_t);
int sockatmark(int);

#define SOCK_RAW 3

#if __VISIBLE_POSIX2024
#define SOCK_CLOEXEC 02000000
#define SOCK_NONBLOCK 04000
#define SOCK_CLOFORK 040000000
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define MSG_CMSG_CLOEXEC 0x40000000
#define MSG_CMSG_CLOFORK 0x20000000
#define CMSG_ALIGN(n) (((n) + sizeof(size_t) - 1) & (size_t)~(sizeof(size_t) - 1))
#define CMSG_SPACE(n) (CMSG_ALIGN(n) + CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_LEN(n) (CMSG_ALIGN(sizeof(struct cmsghdr)) + (n))

int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);
#endif

#if __VISIBLE_MORE
struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned msg_len;
};
struct ucred {
	pid_t pid;
	uid_t uid;
	gid_t gid;
};

#define SOCK_RDM 4
#define SOCK_PACKET 10
#define AF_LOCAL 1
#define AF_FILE 1
#define AF_IPX 4
#define AF_APPLETALK 5
#define AF_NETLINK 16
#define AF_ROUTE AF_NETLINK
#define AF_PACKET 17
#define AF_MAX 46
#define PF_UNSPEC AF_UNSPEC
#define PF_LOCAL AF_LOCAL
#define PF_UNIX AF_UNIX
#define PF_FILE AF_FILE
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#define PF_IPX AF_IPX
#define PF_APPLETALK AF_APPLETALK
#define PF_NETLINK AF_NETLINK
#define PF_ROUTE AF_ROUTE
#define PF_MAX AF_MAX
#define PF_PACKET AF_PACKET
#define SOL_RAW 255
#define SOL_PACKET 263
#define SO_NO_CHECK 11
#define SO_PRIORITY 12
#define SO_REUSEPORT 15
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_BINDTODEVICE 25
#define SO_TIMESTAMP 29
#define SCM_TIMESTAMP SO_TIMESTAMP
#define SO_SNDBUFFORCE 32
#define SO_RCVBUFFORCE 33
#define SO_TIMESTAMPNS 35
#define SCM_TIMESTAMPNS SO_TIMESTAMPNS
#define MSG_DONTWAIT 0x0040
#define MSG_MORE 0x8000
#define MSG_WAITFORONE 0x10000
#define SCM_CREDENTIALS 2

int sendmmsg(int, struct mmsghdr *, unsigned, unsigned);
int recvmmsg(int, struct mmsghdr *, unsigned, unsigned, struct timespec *);
#endif

__END_DECLS

#endif
