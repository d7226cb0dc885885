/* SPDX-License-Identifier: MIT */
/* abort. */
#include <stdlib.h>
#include <signal.h>
#include "plat.h"

void abort(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGABRT);
	/* The handler returned, or the signal is ignored. */
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	plat_exit_group(127);
}
