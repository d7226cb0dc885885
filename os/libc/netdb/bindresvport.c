/* SPDX-License-Identifier: MIT */
/* bindresvport: a port that only the superuser gets. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#define FIRST 512
#define LAST (IPPORT_RESERVED - 1)

int bindresvport(int fd, struct sockaddr_in *sin)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	unsigned start = arc4random_uniform(LAST - FIRST + 1);

	if (!sin)
		sin = &any;
	if (sin->sin_family != AF_INET) {
		errno = EPFNOSUPPORT;
		return -1;
	}
	for (unsigned i = 0; i <= LAST - FIRST; i++) {
		sin->sin_port = htons(FIRST + (start + i) % (LAST - FIRST + 1));
		if (bind(fd, (struct sockaddr *)sin, sizeof(*sin)) == 0)
			return 0;
		if (errno != EADDRINUSE)
			return -1;
	}
	errno = EADDRINUSE;
	return -1;
}
