/* SPDX-License-Identifier: MIT */
/* ftime, stime: the oldest clock. */
#include <sys/timeb.h>
#include <time.h>

int ftime(struct timeb *tb)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	*tb = (struct timeb){ .time = ts.tv_sec, .millitm = ts.tv_nsec / 1000000 };
	return 0;
}

int stime(const time_t *t)
{
	return clock_settime(CLOCK_REALTIME, &(struct timespec){ .tv_sec = *t });
}
