/* SPDX-License-Identifier: MIT */
/* calls.h: raw system calls and checks for kernel tests: no libc, one program is the whole system. */
#ifndef TEST_CALLS_H
#define TEST_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "abi/dev.h"
#include "abi/mem.h"
#include "abi/msg.h"
#include "abi/proc.h"
#include "abi/sys.h"

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

#define SYS_N(x, n, a, b, c, d, e, f, ...) sys6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* sys(SYS_x, arguments...): missing ones are 0. */
#define sys(...) SYS_N(0, __VA_ARGS__, 0, 0, 0, 0, 0, 0)

#define DEV	H_HIGH		/* the first process's dev handle */

extern struct proc_page *proc_page;

size_t length(const char *s);
void say(const char *s);			/* to the kernel's log */
void say_number(const char *label, long v);
void fill(void *d, int c, size_t n);
void copy(void *d, const void *s, size_t n);
int same(const void *a, const void *b, size_t n);
long now(void);					/* ns, by the time page */
void *map(size_t n);				/* anonymous, read and write */
/* A thread that runs fn(arg) on a stack of its own and ends with SYS_thread_exit. Its tid. */
long thread(void (*fn)(void *), void *arg);
/* Forks, runs fn(arg) in the child, which exits with its result. The child's pid. */
long child(int (*fn)(void *), void *arg);
/* From the first call on child_status() hears of the end of children. */
void supervise(void);
/* Waits for the end of a child: its wait status; -1 after two minutes. */
int child_status(void);
void power_off(void) __attribute__((noreturn));

extern const char *test_name;
extern int test_failed;
void check_failed(const char *file, int line, const char *what, long v);
#define check(c) do { if (!(c)) check_failed(__FILE__, __LINE__, #c, 0); } while (0)
/* The value of a call that must be `want`. */
#define expect(call, want) do { long v_ = (long)(call); \
	if (v_ != (long)(want)) check_failed(__FILE__, __LINE__, #call " == " #want, v_); } while (0)

/* A program lists its tests; the start code runs them and prints "ok NAME" or "FAIL NAME: ...". */
struct test { const char *name; void (*fn)(void); };
extern const struct test tests[];
extern const int ntests;

#endif
