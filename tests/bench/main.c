/* SPDX-License-Identifier: MIT */
/* Runs the tests and prints "NAME\tTICKS\tNS" a line, per operation: bench [-r REPETITIONS] [NAME...] */
#include <errno.h>
#include <fcntl.h>
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

static void
measure(const struct bench *b, int repetitions)
{
	double best = 1e300, best_ns = 1e300;
	int i;

	for (i = 0; i < repetitions; i++) {
		uint64_t start, end;
		double ns;

		if (b->setup)
			b->setup();
		b->run(1);			/* once outside the count: caches, first touches */
		ns = now();
		start = ticks();
		b->run(b->n);
		end = ticks();
		ns = now() - ns;
		if (b->cleanup)
			b->cleanup();
		if ((double)(end - start) < best)
			best = (double)(end - start);
		if (ns < best_ns)
			best_ns = ns;
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
