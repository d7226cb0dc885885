/* SPDX-License-Identifier: MIT */
/* eventfd.c: eventfd, timerfd, signalfd, inotify. */
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int eventfd(unsigned init, int flags)
{
	return __ret(plat_eventfd(init, flags));
}

int timerfd_create(int clock, int flags)
{
	return __ret(plat_timerfd_create(clock, flags));
}

int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	return __ret(plat_timerfd_settime(fd, flags, new, old));
}

int timerfd_gettime(int fd, struct itimerspec *cur)
{
	return __ret(plat_timerfd_gettime(fd, cur));
}

int signalfd(int fd, const sigset_t *set, int flags)
{
	return __ret(plat_signalfd(fd, (const uint64_t *)set, flags));
}

int inotify_init(void)
{
	return __ret(plat_inotify_init(0));
}

int inotify_init1(int flags)
{
	return __ret(plat_inotify_init(flags));
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	return __ret(plat_inotify_add_watch(fd, path, mask));
}

int inotify_rm_watch(int fd, int wd)
{
	return __ret(plat_inotify_rm_watch(fd, wd));
}

int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
