/* SPDX-License-Identifier: MIT */
/* timerfd_settime refuses times before 0 and fractions of a second and more; the timer stays as it was. */
#include <assert.h>
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
	static const struct itimerspec bad[] = {
		{ .it_value = { -1, 0 } }, { .it_value = { 0, -1 } }, { .it_value = { 0, 1000000000 } },
		{ .it_value = { 1, 0 }, .it_interval = { -1, 0 } }, { .it_value = { 1, 0 }, .it_interval = { 0, -1 } },
		{ .it_value = { 1, 0 }, .it_interval = { 0, 1000000000 } },
	};
	struct itimerspec hour = { .it_value = { 3600, 0 }, .it_interval = { 1ll << 40, 0 } }, is;
	int fd = timerfd_create(CLOCK_REALTIME, 0);

	assert(fd >= 0 && !timerfd_settime(fd, 0, &hour, NULL));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (int flags = 0; flags <= TFD_TIMER_ABSTIME; flags += TFD_TIMER_ABSTIME)
			assert(timerfd_settime(fd, flags, &bad[i], &is) == -1 && errno == EINVAL);
	assert(!timerfd_gettime(fd, &is) && is.it_value.tv_sec > 3500 && is.it_value.tv_sec <= 3600);
	assert(is.it_interval.tv_sec > 1ll << 32);
	close(fd);
	return 0;
}
