/* SPDX-License-Identifier: MIT */
/* socket_msg.h: data of sockets by messages to their server. */
#ifndef CALX_SOCKET_MSG_H
#define CALX_SOCKET_MSG_H

#include <sys/socket.h>
#include "../../internal/hidden.h"

/*
 * sendmsg and recvmsg on a socket of a server: bytes or -errno, -ENOTSOCK for what is none. No signal
 * is raised. recv fills name, control data and flags of h in; it is not changed on failure, but that
 * a control length without room becomes 0.
 */
hidden long __msg_send(int fd, const struct msghdr *h, int flags);
hidden long __msg_recv(int fd, struct msghdr *h, int flags);

#endif
