/* SPDX-License-Identifier: MIT */
/*
 * timer_create.c: POSIX timers. One with SIGEV_THREAD has a thread of its own that waits for the
 * library's SIGTIMER and starts a thread for each expiration. timer_t is the system's number, or the
 * address of such a helper (no number is as high).
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../internal/pthread_impl.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

#define SIGTIMER 32
#define HELPERS 4096		/* lowest address */

/* Freed by the thread itself, after deleted. */
struct helper {
	int id;
	volatile int deleted;
	pthread_t thread;
	pthread_attr_t attr;
	void (*fn)(union sigval);
	union sigval value;
	pthread_barrier_t started;
	int err;			/* of plat_timer_create */
	clockid_t clock;
};

static struct helper *helper_of(timer_t t)
{
	return (uintptr_t)t >= HELPERS ? (struct helper *)t : 0;
}

static int id_of(timer_t t)
{
	struct helper *h = helper_of(t);

	return h ? h->id : (int)(long)t;
}

struct call {
	void (*fn)(union sigval);
	union sigval value;
};

static void *run(void *arg)
{
	struct call c = *(struct call *)arg;

	free(arg);
	c.fn(c.value);
	return 0;
}

static void expire(struct helper *h)
{
	struct call *c = malloc(sizeof(*c));
	pthread_t t;

	if (!c)
		return;		/* as a signal that could not be queued */
	*c = (struct call){ h->fn, h->value };
	if (pthread_create(&t, &h->attr, run, c))
		free(c);
}

static void *wait_for_timer(void *arg)
{
	struct helper *h = arg;
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGTIMER };
	uint64_t set = 1ull << (SIGTIMER - 1);
	siginfo_t si;

	ev.sigev_notify_thread_id = __self()->tid;
	h->err = plat_timer_create(h->clock, &ev, &h->id);
	if (h->err)
		h->deleted = 1;
	pthread_barrier_wait(&h->started);
	while (!h->deleted)
		if (plat_sigtimedwait(&set, &si, 0) == SIGTIMER && si.si_code == SI_TIMER && !h->deleted)
			expire(h);
	if (!h->err)
		free(h);
	return 0;
}

/* The helper itself takes no signals at all. */
static int start_helper(struct helper *h)
{
	struct attr attr = { .stacksize = PTHREAD_STACK_MIN, .guardsize = 4096, .detached = 1 };
	uint64_t mask;
	int err;

	pthread_barrier_init(&h->started, 0, 2);
	__block_all(&mask);
	err = pthread_create(&h->thread, (pthread_attr_t *)&attr, wait_for_timer, h);
	__restore_mask(&mask);
	if (err)
		return -err;
	pthread_barrier_wait(&h->started);
	return h->err;
}

static int create_with_thread(clockid_t clock, const struct sigevent *ev, timer_t *t)
{
	struct helper *h = calloc(1, sizeof(*h));
	sigset_t mask;
	int err;

	if (!h)
		return -EAGAIN;
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		pthread_getcpuclockid(pthread_self(), &clock);
	h->clock = clock;
	h->fn = ev->sigev_notify_function;
	h->value = ev->sigev_value;
	if (ev->sigev_notify_attributes)
		h->attr = *ev->sigev_notify_attributes;
	else
		pthread_attr_init(&h->attr);
	pthread_attr_setdetachstate(&h->attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_BLOCK, 0, &mask);
	if (pthread_attr_getsigmask_np(&h->attr, &mask) == PTHREAD_ATTR_NO_SIGMASK_NP)
		pthread_attr_setsigmask_np(&h->attr, &mask);
	err = start_helper(h);
	if (err)
		free(h);
	else
		*t = (timer_t)h;
	return err;
}

int timer_create(clockid_t clock, struct sigevent *restrict ev, timer_t *restrict t)
{
	int id, r;

	if (ev && ev->sigev_notify == SIGEV_THREAD)
		return __ret(create_with_thread(clock, ev, t));
	r = plat_timer_create(clock, ev, &id);
	if (r < 0)
		return __ret(r);
	*t = (timer_t)(long)id;
	return 0;
}

int timer_settime(timer_t t, int flags, const struct itimerspec *restrict new,
	struct itimerspec *restrict old)
{
	return __ret(plat_timer_settime(id_of(t), flags, new, old));
}

int timer_gettime(timer_t t, struct itimerspec *cur)
{
	return __ret(plat_timer_gettime(id_of(t), cur));
}

int timer_getoverrun(timer_t t)
{
	return __ret(plat_timer_getoverrun(id_of(t)));
}

int timer_delete(timer_t t)
{
	struct helper *h = helper_of(t);
	int r = plat_timer_delete(id_of(t));

	if (h) {
		pthread_t thread = h->thread;
		h->deleted = 1;
		pthread_kill(thread, SIGTIMER);
	}
	return __ret(r);
}
