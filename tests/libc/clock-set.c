/* SPDX-License-Identifier: MIT */
/*
 * The superuser sets the clock, which goes on from there; others and nonsense are refused. What waits for
 * a time of that clock follows it, what waits for a length of time does not.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/timerfd.h>
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

static void move_clock(int sec)
{
	struct timespec t;

	CHECK(!clock_gettime(CLOCK_REALTIME, &t));
	t.tv_sec += sec;
	CHECK(!clock_settime(CLOCK_REALTIME, &t));
}

static struct timespec in_a_while(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += AHEAD / 2;
	return t;
}

static void *sleeps(void *until)
{
	CHECK(!clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, until, NULL));
	return NULL;
}

static void *waits(void *until)
{
	sem_t never;

	sem_init(&never, 0, 0);
	CHECK(sem_timedwait(&never, until) == -1 && errno == ETIMEDOUT);
	return NULL;
}

static void *polls(void *until)
{
	struct itimerspec when = { .it_value = *(struct timespec *)until }, left;
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);

	CHECK(!timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
	CHECK(!timerfd_gettime(fd, &left) && left.it_value.tv_sec <= AHEAD / 2);
	CHECK(poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 90000) == 1);
	close(fd);
	return NULL;
}

static void *alarmed(void *until)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec when = { .it_value = *(struct timespec *)until };
	timer_t id;
	sigset_t s;
	int sig = 0;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	CHECK(!timer_create(CLOCK_REALTIME, &ev, &id) && !timer_settime(id, TIMER_ABSTIME, &when, NULL));
	CHECK(!sigwait(&s, &sig) && sig == SIGUSR1);
	timer_delete(id);
	return NULL;
}

/* Would last for hours if the clock were not set. */
static void waits_end_with_the_clock(void)
{
	static void *(*const all[])(void *) = { sleeps, waits, polls, alarmed };
	struct timespec until = in_a_while();
	pthread_t t[4];
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, NULL);
	for (int i = 0; i < 4; i++)
		CHECK(!pthread_create(t + i, NULL, all[i], &until));
	usleep(100000);
	move_clock(AHEAD);
	for (int i = 0; i < 4; i++)
		CHECK(!pthread_join(t[i], NULL));
	move_clock(-AHEAD);
}

static void lengths_stay(void)
{
	struct sigevent none = { .sigev_notify = SIGEV_NONE };
	struct itimerspec length = { .it_value.tv_sec = 5000 }, at = { .it_value = in_a_while() }, left;
	timer_t rel, abs;

	CHECK(!timer_create(CLOCK_REALTIME, &none, &rel) && !timer_create(CLOCK_REALTIME, &none, &abs));
	CHECK(!timer_settime(rel, 0, &length, NULL) && !timer_settime(abs, TIMER_ABSTIME, &at, NULL));
	move_clock(-AHEAD);
	CHECK(!timer_gettime(rel, &left) && left.it_value.tv_sec > 4000 && left.it_value.tv_sec <= 5000);
	CHECK(!timer_gettime(abs, &left) && left.it_value.tv_sec > AHEAD && left.it_value.tv_sec <= AHEAD / 2 * 3);
	move_clock(AHEAD);
	CHECK(!timer_settime(abs, 0, &length, &left));
	CHECK(left.it_value.tv_sec > AHEAD / 4 && left.it_value.tv_sec <= AHEAD / 2);
	CHECK(!timer_delete(rel) && !timer_delete(abs));
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
	if (OURS && geteuid() == 0) {
		set_and_back();
		waits_end_with_the_clock();
		lengths_stay();
	}
	return 0;
}
