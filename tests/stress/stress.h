/* SPDX-License-Identifier: MIT */
/* The stress program: workers that each repeat one kind of work and check its results. */
#ifndef STRESS_H
#define STRESS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One round of work. 0, or the line of what went wrong (BAD). Numbers are of the worker's own. */
typedef int work_fn(unsigned worker);

#define BAD()	return __LINE__
#define NEED(c)	do { if (!(c)) return __LINE__; } while (0)

work_fn work_fork, work_exec, work_signals, work_kill, work_threads, work_robust;
work_fn work_files, work_map, work_memory, work_pipes, work_pairs, work_tcp, work_wait;

extern const char *stress_self;		/* path of the program */
extern volatile int *stress_stop;	/* set: rounds end early */

/* Random numbers of this process. */
uint32_t rnd(void);
void rnd_seed(uint32_t seed);
/* Bytes that a reader can check: of `seed` at offset `at`. */
void pattern(void *buf, size_t n, uint32_t seed, size_t at);
int pattern_is(const void *buf, size_t n, uint32_t seed, size_t at);
/* Waits for a child: its wait status, or -1. */
int status_of(pid_t pid);

#endif
