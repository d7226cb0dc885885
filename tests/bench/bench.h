/* SPDX-License-Identifier: MIT */
/*
 * The benchmark program: costs of single operations, in ticks of the time stamp counter, which
 * under `-icount shift=0` are guest instructions.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <sys/types.h>

/* One test: set up, run n operations, clean up. The best of several repetitions counts. */
struct bench {
	const char *name;		/* as in reference.tsv */
	long n;
	void (*run)(long n);
	void (*setup)(void);		/* or NULL */
	void (*cleanup)(void);		/* or NULL */
	int waits;			/* for a device: that time does not count */
};

extern const struct bench call_tests[], ipc_tests[], file_tests[], pipe_tests[], tcp_tests[], process_tests[], thread_tests[],
	memory_tests[];

extern const char *bench_dir;		/* where files are made */
extern const char *bench_disk;		/* a folder on the disk */
extern char bench_buf[65536];
extern char bench_path[512];

/* Ends the program with a message when a call failed; gives its value else. */
long check(long result, const char *what);
#define CHECK(call)	check((call), #call)

#define MIB		(1 << 20)
void write_all(int fd, size_t n);
void make_file(const char *name, size_t n);	/* bench_path becomes its path */

/* The ends of a link to a child (0: to ourselves), and what is done over it: pipe.c. */
extern int bench_in, bench_out;
extern pid_t bench_child;
void ping_pong(long n);			/* a byte there and back */
void pour(long n);			/* a MiB there, a byte back */
void hang_up(void);

#endif
