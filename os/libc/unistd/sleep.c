/* SPDX-License-Identifier: MIT */
/* sleep.c: sleep, usleep, alarm, ualarm, pause. */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

unsigned sleep(unsigned seconds)
{
	struct timespec t = { .tv_sec = seconds };

	return nanosleep(&t, &t) ? t.tv_sec + (t.tv_nsec >= 500000000) : 0;
}

int usleep(useconds_t us)
{
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	return nanosleep(&t, 0);
}

unsigned alarm(unsigned seconds)
{
	struct itimerval it = { .it_value.tv_sec = seconds }, old = {0};

	plat_setitimer(ITIMER_REAL, &it, &old);
	return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

unsigned ualarm(unsigned us, unsigned interval)
{
	struct itimerval it = { .it_value = { us / 1000000, us % 1000000 },
		.it_interval = { interval / 1000000, interval % 1000000 } }, old = {0};

	plat_setitimer(ITIMER_REAL, &it, &old);
	return old.it_value.tv_sec * 1000000 + old.it_value.tv_usec;
}

int pause(void)
{
	uint64_t mask;
	int old = __cp_enter();

	plat_sigprocmask(SIG_BLOCK, 0, &mask);
	return __cp_leave(old, plat_sigsuspend(&mask));
}
