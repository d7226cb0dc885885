/* SPDX-License-Identifier: MIT */
/*
 * calx.h: raw system calls and a little help for the kernel's tests, which run without any libc:
 * the program `ktest` is the first process of the machine; it forks a child for each test.
 */
#ifndef TEST_CALX_H
#define TEST_CALX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/dev.h"
#include "abi/file.h"
#include "abi/mem.h"
#include "abi/msg.h"
#include "abi/proc.h"
#include "abi/sys.h"

#define EPERM 1
#define ESRCH 3
#define EINTR 4
#define EIO 5
#define EBADF 9
#define EAGAIN 11
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EBUSY 16
#define EINVAL 22
#define EMFILE 24
#define ENOTTY 25
#define ESPIPE 29
#define EPIPE 32
#define ENOSYS 38
#define EMSGSIZE 90
#define ETIMEDOUT 110

#define O_RDWR 2
#define O_APPEND 02000
#define O_NONBLOCK 04000
#define O_CLOEXEC 02000000

#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u

#define MS 1000000ll
#define BIT(sig) (1ull << ((sig) - 1))

static inline long sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long r;
	__asm__ volatile("syscall" : "=a"(r) : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
	    "r"(r9) : "rcx", "r11", "memory");
	return r;
}
#define SC(n, a, b, c, d, e, f, ...) \
	sys6(SYS_##n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* sc(read, h, buf, n): absent arguments are 0. */
#define sc(...) SC(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* Ends the test when the condition does not hold: its exit status says where. */
#define CHECK(c) do { if (!(c)) fail(__FILE__, __LINE__, #c, 0); } while (0)
/* The same, for a system call's result. */
#define EQ(expr, want) do { long v_ = (long)(expr); \
	if (v_ != (long)(want)) fail(__FILE__, __LINE__, #expr, v_); } while (0)

_Noreturn void fail(const char *file, int line, const char *what, long value);
void *memset(void *d, int c, size_t n);
void *memcpy(void *d, const void *s, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void say(const char *text);		/* a line in the log */
size_t slen(const char *s);
void put_num(char *to, long v);		/* decimal, ended by NUL */

/* One test: TEST(name) { ... } */
struct test { const char *name; void (*fn)(void); };
#define TEST(n) \
	static void test_##n(void); \
	static const struct test t_##n __attribute__((used, section("tests"))) = { #n, test_##n }; \
	static void test_##n(void)

extern struct proc_page *page;		/* this process's */
#define TP ((struct thread_page *)page->thread_page)

long now(void);
/* Shared between a process and what it forks later. */
void *shared(size_t n);
long fork_(void);
_Noreturn void quit(int status);
/* Handle of a process, from the first one. */
handle_t proc_of(long pid);
/* Waits for the end of a process: its wait status. */
int wait_for(long pid);
bool has_ended(long pid);		/* without waiting */
void kill_(long pid, int sig);
void msleep(long ms);

typedef void handler_fn(int signo, struct abi_siginfo *si, struct abi_ucontext *uc);
void on_signal(int signo, handler_fn *fn, uint32_t flags, uint64_t mask);
void set_mask(uint64_t m);

/* A thread on its own stack; joins by the futex at *tid. */
struct join { volatile uint32_t tid; };
long thread(void (*fn)(void *), void *arg, struct join *j);
void join(struct join *j);

/* A message with the words given. */
struct msg *msg(struct msg *m, uint64_t w0, uint64_t w1);
handle_t file_on(handle_t port, uint64_t id, uint32_t plane, handle_t data, uint32_t flags);

uint32_t rnd(void);
extern int fuzz_seconds;

#endif
