/* SPDX-License-Identifier: MIT */
/* poll.c: poll, ppoll. */
#include <poll.h>
#include <signal.h>
#include <time.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_ppoll(fds, count, timeout, (const uint64_t *)mask));
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec ts = { .tv_sec = timeout / 1000, .tv_nsec = timeout % 1000 * 1000000 };
	int old = __cp_enter();

	return __cp_leave(old, plat_ppoll(fds, count, timeout < 0 ? 0 : &ts, 0));
}
