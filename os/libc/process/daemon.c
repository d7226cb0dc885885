/* SPDX-License-Identifier: MIT */
/* daemon.c: daemon. What can fail comes before the fork, so that a caller that is told so is still itself. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "../internal/plat.h"

int daemon(int nochdir, int noclose)
{
	int fd = noclose ? -1 : open("/dev/null", O_RDWR);

	if ((!noclose && fd < 0) || (!nochdir && chdir("/")))
		return -1;
	switch (fork()) {
	case -1:
		return -1;
	case 0:
		break;
	default:
		_exit(0);
	}
	if (setsid() < 0)
		return -1;
	if (noclose)
		return 0;
	for (int i = 0; i < 3; i++)
		if (dup2(fd, i) < 0)
			return -1;
	if (fd > 2)
		close(fd);
	return 0;
}
