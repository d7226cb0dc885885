/* SPDX-License-Identifier: MIT */
/* The superuser sets the clock, which goes on from there; others and nonsense are refused. */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)
#define AHEAD 100000

#ifdef __calx__
#define OURS 1
#else
#define OURS 0		/* the host's clock is left alone */
#endif

static void set_and_back(void)
{
	struct timespec was, now, t;

	CHECK(!clock_gettime(CLOCK_REALTIME, &was));
	t = was;
	t.tv_sec += AHEAD;
	CHECK(!clock_settime(CLOCK_REALTIME, &t));
	CHECK(!clock_gettime(CLOCK_REALTIME, &now));
	CHECK(now.tv_sec >= t.tv_sec && now.tv_sec < t.tv_sec + AHEAD / 2);
	CHECK(!clock_gettime(CLOCK_REALTIME, &now));
	now.tv_sec -= AHEAD;
	CHECK(!clock_settime(CLOCK_REALTIME, &now));
}

/* In a child, as there is no way back. */
static int refused_to_others(void)
{
	struct timespec t;
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		if (geteuid() == 0 && setuid(65534))
			_exit(2);
		clock_gettime(CLOCK_REALTIME, &t);
		_exit(!(clock_settime(CLOCK_REALTIME, &t) == -1 && errno == EPERM));
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(void)
{
	struct timespec bad = { .tv_sec = 1, .tv_nsec = 1000000000 };

	CHECK(clock_settime(CLOCK_REALTIME, &bad) == -1 && errno == EINVAL);
	CHECK(clock_settime(CLOCK_MONOTONIC, &(struct timespec){ .tv_sec = 1 }) == -1 && errno == EINVAL);
	CHECK(refused_to_others());
	if (OURS && geteuid() == 0)
		set_and_back();
	return 0;
}
