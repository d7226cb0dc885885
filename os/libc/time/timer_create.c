/* SPDX-License-Identifier: MIT */
/* timer_create.c: POSIX timers; SIGEV_THREAD by a thread that waits for the library's own signal. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int timer_settime(timer_t t, int flags, const struct itimerspec *restrict new,
	struct itimerspec *restrict old)
{
	return __ret(plat_timer_settime((int)(long)t, flags, new, old));
}

int timer_gettime(timer_t t, struct itimerspec *cur)
{
	return __ret(plat_timer_gettime((int)(long)t, cur));
}

int timer_getoverrun(timer_t t)
{
	return __ret(plat_timer_getoverrun((int)(long)t));
}

int timer_create(clockid_t clock, struct sigevent *restrict ev, timer_t *restrict t)
{
	int id, r;

	if (ev && ev->sigev_notify == SIGEV_THREAD)
		return __ret(-ENOTSUP);
	r = plat_timer_create(clock, ev, &id);
	if (r < 0)
		return __ret(r);
	*t = (timer_t)(long)id;
	return 0;
}

int timer_delete(timer_t t)
{
	return __ret(plat_timer_delete((int)(long)t));
}
