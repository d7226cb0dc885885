/* SPDX-License-Identifier: MIT */
/* threads.h: threads of the C standard. */
#ifndef _THREADS_H
#define _THREADS_H

#include <features.h>

#define __NEED_NULL
#define __NEED_clock_t
#define __NEED_cnd_t
#define __NEED_mtx_t
#define __NEED_size_t
#define __NEED_struct_timespec
#define __NEED_time_t
#include <bits/alltypes.h>

#include <time.h>

__BEGIN_DECLS

#ifndef __cplusplus
#define thread_local _Thread_local
#endif
typedef unsigned long thrd_t;
typedef int once_flag;
typedef unsigned tss_t;
typedef int (*thrd_start_t)(void *);
typedef void (*tss_dtor_t)(void *);

#define TSS_DTOR_ITERATIONS 4

enum {
	thrd_success = 0,
	thrd_busy = 1,
	thrd_error = 2,
	thrd_nomem = 3,
	thrd_timedout = 4,
};
enum {
	mtx_plain = 0,
	mtx_recursive = 1,
	mtx_timed = 2,
};

#define ONCE_FLAG_INIT 0

int thrd_create(thrd_t *, thrd_start_t, void *);
void thrd_exit(int) __dead;
int thrd_detach(thrd_t);
int thrd_join(thrd_t, int *);
int thrd_sleep(const struct timespec *, struct timespec *);
void thrd_yield(void);
thrd_t thrd_current(void);
int thrd_equal(thrd_t, thrd_t);
void call_once(once_flag *, void (*)(void));
int mtx_init(mtx_t *, int);
void mtx_destroy(mtx_t *);
int mtx_lock(mtx_t *);
int mtx_timedlock(mtx_t *__restrict, const struct timespec *__restrict);
int mtx_trylock(mtx_t *);
int mtx_unlock(mtx_t *);
int cnd_init(cnd_t *);
void cnd_destroy(cnd_t *);
int cnd_broadcast(cnd_t *);
int cnd_signal(cnd_t *);
int cnd_timedwait(cnd_t *__restrict, mtx_t *__restrict, const struct timespec *__restrict);
int cnd_wait(cnd_t *, mtx_t *);
int tss_create(tss_t *, tss_dtor_t);
void tss_delete(tss_t);
int tss_set(tss_t, void *);
void *tss_get(tss_t);

__END_DECLS

#endif
