/* SPDX-License-Identifier: MIT */
/* c11.c: the threads of ISO C, which are ours under other names. */
#include <stdint.h>
#include <threads.h>
#include "../internal/pthread_impl.h"

static int result(int err)
{
	switch (err) {
	case 0: return thrd_success;
	case EBUSY: return thrd_busy;
	case ETIMEDOUT: return thrd_timedout;
	case ENOMEM:
	case EAGAIN: return thrd_nomem;
	}
	return thrd_error;
}

int thrd_create(thrd_t *t, thrd_start_t fn, void *arg)
{
	/* An int comes back in the low half of the pointer-sized return register. */
	return result(pthread_create(t, 0, (void *(*)(void *))(uintptr_t)fn, arg));
}

void thrd_exit(int value)
{
	pthread_exit((void *)(intptr_t)value);
}

int thrd_join(thrd_t t, int *value)
{
	void *p;
	int err = pthread_join(t, &p);

	if (!err && value)
		*value = (int)(intptr_t)p;
	return result(err);
}

int thrd_sleep(const struct timespec *req, struct timespec *rem)
{
	int err = clock_nanosleep(CLOCK_REALTIME, 0, req, rem);

	return err == 0 ? 0 : err == EINTR ? -1 : -2;
}

void thrd_yield(void)
{
	plat_sched_yield();
}

int mtx_init(mtx_t *m, int type)
{
	*(struct mutex *)m = (struct mutex){
		.type = type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL };
	return thrd_success;
}

void mtx_destroy(mtx_t *m)
{
	(void)m;
}

int mtx_lock(mtx_t *m)
{
	return result(pthread_mutex_lock(m));
}

int mtx_trylock(mtx_t *m)
{
	return result(pthread_mutex_trylock(m));
}

int mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict abs)
{
	return result(pthread_mutex_timedlock(m, abs));
}

int mtx_unlock(mtx_t *m)
{
	return result(pthread_mutex_unlock(m));
}

int cnd_init(cnd_t *c)
{
	return result(pthread_cond_init(c, 0));
}

void cnd_destroy(cnd_t *c)
{
	pthread_cond_destroy(c);
}

int cnd_signal(cnd_t *c)
{
	return result(pthread_cond_signal(c));
}

int cnd_broadcast(cnd_t *c)
{
	return result(pthread_cond_broadcast(c));
}

int cnd_wait(cnd_t *c, mtx_t *m)
{
	return result(pthread_cond_wait(c, m));
}

int cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m, const struct timespec *restrict abs)
{
	return result(pthread_cond_timedwait(c, m, abs));
}

int tss_create(tss_t *key, tss_dtor_t dtor)
{
	return result(pthread_key_create(key, dtor));
}

void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}

int tss_set(tss_t key, void *value)
{
	return result(pthread_setspecific(key, value));
}

void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}
