/* SPDX-License-Identifier: MIT */
/* Runs the tests and prints "NAME\tTICKS\tNS" a line, per operation: bench [-r REPETITIONS] [NAME...] */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

const char *bench_dir = "/tmp", *bench_disk = "/var/tmp";
char bench_buf[65536] __attribute__((aligned(4096)));
char bench_path[512];

long
check(long result, const char *what)
{
	if (result >= 0)
		return result;
	printf("bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

void
write_all(int fd, size_t n)
{
	while (n)
		n -= (size_t)CHECK(write(fd, bench_buf, n < sizeof(bench_buf) ? n : sizeof(bench_buf)));
}

void
make_file(const char *name, size_t n)
{
	int fd;

	snprintf(bench_path, sizeof(bench_path), "%s/%s", bench_dir, name);
	fd = (int)CHECK(open(bench_path, O_RDWR | O_CREAT | O_TRUNC, 0644));
	write_all(fd, n);
	close(fd);
}

static uint64_t
ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/*
 * Runs when nothing else does, so that its time is what was spent waiting for a device. Without it the emulator's
 * clock would leap from an idle moment to whatever timer is the next.
 */
static volatile int waiting;
static clockid_t wait_clock;

static void *
wait_thread(void *unused)
{
	struct sched_param p = { 0 };

	if (pthread_setschedparam(pthread_self(), SCHED_IDLE, &p)) {
		printf("bench: no idle policy\n");
		exit(1);
	}
	while (waiting)
		;
	return unused;
}

static double
waited(void)
{
	struct timespec t = { 0, 0 };

	if (waiting)
		clock_gettime(wait_clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One repetition: ticks and ns of n operations. */
static void
repeat(const struct bench *b, double *n_ticks, double *ns)
{
	uint64_t start;
	double idle;

	if (b->setup)
		b->setup();
	b->run(1);			/* once outside the count: caches, first touches */
	idle = waited();
	*ns = now();
	start = ticks();
	b->run(b->n);
	*n_ticks = (double)(ticks() - start);
	*ns = now() - *ns;
	*n_ticks -= *n_ticks * (waited() - idle) / *ns;
	if (b->cleanup)
		b->cleanup();
}

static void
measure(const struct bench *b, int repetitions)
{
	double best = 1e300, best_ns = 1e300, n, ns;
	pthread_t thread;
	int i;

	waiting = b->waits;
	if (waiting) {
		CHECK(-pthread_create(&thread, NULL, wait_thread, NULL));
		CHECK(-pthread_getcpuclockid(thread, &wait_clock));
	}
	for (i = 0; i < repetitions; i++) {
		repeat(b, &n, &ns);
		best = n < best ? n : best;
		best_ns = ns < best_ns ? ns : best_ns;
	}
	if (waiting) {
		waiting = 0;
		pthread_join(thread, NULL);
	}
	printf("%s\t%.0f\t%.0f\n", b->name, best / (double)b->n, best_ns / (double)b->n);
	fflush(stdout);
}

static int
wanted(const char *name, char **argv)
{
	if (!*argv)
		return 1;
	for (; *argv; argv++)
		if (strcmp(*argv, name) == 0)
			return 1;
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct bench *const groups[] = { call_tests, ipc_tests, file_tests, pipe_tests, tcp_tests,
		process_tests, thread_tests, memory_tests };
	int repetitions = 3, c;
	size_t i;

	while ((c = getopt(argc, argv, "r:")) != -1) {
		if (c != 'r')
			return 2;
		repetitions = atoi(optarg);
	}
	for (i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		const struct bench *b;

		for (b = groups[i]; b->name; b++)
			if (wanted(b->name, argv + optind))
				measure(b, repetitions);
	}
	return 0;
}
