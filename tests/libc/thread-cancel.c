/* SPDX-License-Identifier: MIT */
/* Cancellation: deferred in a blocked call, held off while disabled, clean-up handlers in order. */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static int order[4], n, fds[2];
static volatile int ready, spin;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void note(void *arg)
{
	order[n++] = (int)(intptr_t)arg;
}

static void *blocked(void *arg)
{
	char c;

	(void)arg;
	pthread_cleanup_push(note, (void *)1);
	pthread_cleanup_push(note, (void *)2);
	read(fds[0], &c, 1);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return 0;
}

static void unlock(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void *waiting(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	ready = 1;
	for (;;)
		pthread_cond_wait(&cond, &lock);
	pthread_cleanup_pop(1);
	return 0;
}

static void *disabled(void *arg)
{
	int old;

	(void)arg;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	assert(old == PTHREAD_CANCEL_ENABLE);
	ready = 1;
	usleep(50000);
	pthread_testcancel();
	return (void *)7;
}

static void *busy(void *arg)
{
	(void)arg;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
	ready = 1;
	while (!spin)
		;
	return 0;
}

static void *cancelled(void *(*fn)(void *))
{
	pthread_t t;
	void *result;

	ready = 0;
	assert(pthread_create(&t, 0, fn, 0) == 0);
	for (int i = 0; i < 10 || (fn != blocked && !ready); i++)
		usleep(1000);
	assert(pthread_cancel(t) == 0);
	assert(pthread_join(t, &result) == 0);
	return result;
}

int main(void)
{
	char c = 0;

	assert(pipe(fds) == 0);
	assert(cancelled(blocked) == PTHREAD_CANCELED);
	assert(n == 2 && order[0] == 2 && order[1] == 1);
	assert(cancelled(waiting) == PTHREAD_CANCELED);
	assert(pthread_mutex_trylock(&lock) == 0);
	assert(cancelled(disabled) == (void *)7);
	assert(cancelled(busy) == PTHREAD_CANCELED);
	assert(write(fds[1], "x", 1) == 1);	/* the cancelled read took nothing */
	assert(read(fds[0], &c, 1) == 1 && c == 'x');
	return 0;
}
