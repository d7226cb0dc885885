/* SPDX-License-Identifier: MIT */
/* socket_chan.h: data of local sockets, which the kernel moves. */
#ifndef CALX_SOCKET_CHAN_H
#define CALX_SOCKET_CHAN_H

#include <sys/socket.h>
#include "../../internal/hidden.h"

/*
 * sendmsg and recvmsg over a two-way channel: bytes or -errno, -ENOTSOCK when fd is none. SCM_RIGHTS
 * goes both ways; SCM_CREDENTIALS comes when SO_PASSCRED was set on fd.
 */
hidden long __chan_send(int fd, const struct msghdr *h, int flags);
hidden long __chan_recv(int fd, struct msghdr *h, int flags);

/* SO_PASSCRED of a local socket, as this process set it. */
hidden int __chan_passcred(int fd, int set, int value);

#endif
