/* SPDX-License-Identifier: MIT */
/* sched.h: scheduling. */
#ifndef _SCHED_H
#define _SCHED_H

#include <features.h>

#define __NEED_pid_t
#define __NEED_size_t
#define __NEED_struct_timespec
#define __NEED_time_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct sched_param {
	int sched_priority;
	int __reserved1;
	struct timespec __reserved2[2];
	int __reserved3;
};

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_getparam(pid_t, struct sched_param *);
int sched_getscheduler(pid_t);
int sched_rr_get_interval(pid_t, struct timespec *);
int sched_setparam(pid_t, const struct sched_param *);
int sched_setscheduler(pid_t, int, const struct sched_param *);
int sched_yield(void);

#define __CPU_OP_S(n, d, a, op, b) do { \
	for (size_t __i = 0; __i < (n) / sizeof(long); __i++) \
		(d)->__bits[__i] = (a)->__bits[__i] op (b)->__bits[__i]; \
	} while (0)

#if __VISIBLE_MORE
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_RESET_ON_FORK 0x40000000

int sched_getcpu(void);

typedef struct cpu_set_t { unsigned long __bits[128 / sizeof(long)]; } cpu_set_t;

#define CPU_SETSIZE 1024
#define CPU_ZERO(s) __builtin_memset((s), 0, sizeof(cpu_set_t))
#define CPU_SET(i, s) ((void)((s)->__bits[(i) / 64] |= 1UL << ((i) % 64)))
#define CPU_CLR(i, s) ((void)((s)->__bits[(i) / 64] &= ~(1UL << ((i) % 64))))
#define CPU_ISSET(i, s) (!!((s)->__bits[(i) / 64] & (1UL << ((i) % 64))))
#define CPU_COUNT(s) __sched_cpucount(sizeof(cpu_set_t), (s))
#define CPU_COUNT_S(n, s) __sched_cpucount((n), (s))
#define CPU_EQUAL(a, b) (!__builtin_memcmp((a), (b), sizeof(cpu_set_t)))
#define CPU_EQUAL_S(n, a, b) (!__builtin_memcmp((a), (b), (n)))
#define CPU_AND_S(n, d, a, b) __CPU_OP_S(n, d, a, &, b)
#define CPU_OR_S(n, d, a, b) __CPU_OP_S(n, d, a, |, b)
#define CPU_XOR_S(n, d, a, b) __CPU_OP_S(n, d, a, ^, b)
#define CPU_AND(d, a, b) CPU_AND_S(sizeof(cpu_set_t), d, a, b)
#define CPU_OR(d, a, b) CPU_OR_S(sizeof(cpu_set_t), d, a, b)
#define CPU_XOR(d, a, b) CPU_XOR_S(sizeof(cpu_set_t), d, a, b)
#define CPU_CLR_S(i, n, s) CPU_CLR(i, s)
#define CPU_ALLOC_SIZE(n) (8 * (((n) + 63) / 64))
#define CPU_ALLOC(n) ((cpu_set_t *)calloc(1, CPU_ALLOC_SIZE(n)))
#define CPU_FREE(s) free(s)
#define CPU_ZERO_S(n, s) __builtin_memset((s), 0, (n))
#define CPU_SET_S(i, n, s) CPU_SET(i, s)
#define CPU_ISSET_S(i, n, s) CPU_ISSET(i, s)

int __sched_cpucount(size_t, const cpu_set_t *);
int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
void *calloc(size_t, size_t);
void free(void *);
#endif

__END_DECLS

#endif
