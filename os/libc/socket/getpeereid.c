/* SPDX-License-Identifier: MIT */
/* getpeereid: who is at the other end of a local socket. */
#include <sys/socket.h>
#include <unistd.h>

int getpeereid(int fd, uid_t *uid, gid_t *gid)
{
	struct ucred u;
	socklen_t n = sizeof(u);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n))
		return -1;
	*uid = u.uid;
	*gid = u.gid;
	return 0;
}
