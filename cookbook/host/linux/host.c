/* SPDX-License-Identifier: MIT */
/* What Linux has beyond POSIX. */
#include <errno.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../../util.h"
#include "../host.h"

void
host_die_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

void
host_yield(void)
{
	if (nice(19) < 0)
		errno = 0;
}

int
host_clone(int out, int in)
{
	return ioctl(out, FICLONE, in);
}

char *
host_self(void)
{
	return realpath("/proc/self/exe", NULL);
}
