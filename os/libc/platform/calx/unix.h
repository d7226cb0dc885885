/* SPDX-License-Identifier: MIT */
/* unix.h: names and datagrams of AF_UNIX sockets, which servers keep. All answer -errno. */
#ifndef CALX_UNIX_H
#define CALX_UNIX_H

#include <sys/socket.h>
#include "../../internal/hidden.h"

hidden int __unix_socket(int type, int proto);
hidden int __unix_bind(int fd, const void *addr, unsigned len);
hidden int __unix_connect(int fd, const void *addr, unsigned len);
/* sendmsg and recvmsg on a datagram socket; -ENOTSOCK for what is none. No signal is raised. */
hidden long __unix_send(int fd, const struct msghdr *h, int flags);
hidden long __unix_recv(int fd, struct msghdr *h, int flags);

#endif
