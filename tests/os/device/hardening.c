/* SPDX-License-Identifier: MIT */
/* What docs/hardening.md promises a program: addresses differ, W^X holds, the kernel's memory is out of reach. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

static const char *self;

/* Where code, libc, heap, stack and a mapping lie in this process. */
struct places { uintptr_t at[5]; };

static void tell_places(void)
{
	int local;
	struct places p = { { (uintptr_t)tell_places, (uintptr_t)&puts, (uintptr_t)malloc(10), (uintptr_t)&local,
			      (uintptr_t)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) } };

	if (write(1, &p, sizeof(p)) != sizeof(p))
		_exit(1);
}

static struct places places_of_a_run(void)
{
	struct places p = { { 0 } };
	int fd[2], status;

	if (pipe(fd))
		return p;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		execl(self, self, "places", (char *)NULL);
		_exit(1);
	}
	close(fd[1]);
	if (read(fd[0], &p, sizeof(p)) != sizeof(p))
		memset(&p, 0, sizeof(p));
	close(fd[0]);
	waitpid(pid, &status, 0);
	return p;
}

static void addresses_differ_between_runs(void)
{
	struct places a = places_of_a_run(), b = places_of_a_run(), c = places_of_a_run();

	for (int i = 0; i < 5; i++) {
		CHECK(a.at[i] && b.at[i] && c.at[i]);
		CHECK(a.at[i] != b.at[i] || a.at[i] != c.at[i]);
	}
}

/* The signal that ends a child which does this; 0: none. */
static int ends_by(void (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGSEGV, SIG_DFL);
		fn();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void writable_code_is_refused(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p == MAP_FAILED && errno == EACCES);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK(mprotect(p, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) < 0 && errno == EACCES);
}

static void run_stack(void)
{
	volatile unsigned char code[16] = { 0xc3 };

	((void (*)(void))(uintptr_t)code)();
}

static void run_heap(void)
{
	unsigned char *code = malloc(16);

	code[0] = 0xc3;
	((void (*)(void))(uintptr_t)code)();
}

static void write_code(void)
{
	*(volatile unsigned char *)(uintptr_t)write_code = 0xc3;
}

static void data_does_not_run_and_code_is_not_written(void)
{
	CHECK(ends_by(run_stack) == SIGSEGV);
	CHECK(ends_by(run_heap) == SIGSEGV);
	CHECK(ends_by(write_code) == SIGSEGV);
}

static void read_zero(void)
{
	(void)*(volatile int *)8;
}

static void read_kernel(void)
{
	(void)*(volatile int *)0xffffffff80200000;
}

static void run_kernel(void)
{
	((void (*)(void))0xffffffff80200000)();
}

static void page_zero_and_the_kernel_are_out_of_reach(void)
{
	CHECK(mmap((void *)4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
	CHECK(ends_by(read_zero) == SIGSEGV);
	CHECK(ends_by(read_kernel) == SIGSEGV);
	CHECK(ends_by(run_kernel) == SIGSEGV);
}

/* The tables of the CPU are kernel addresses: with UMIP a program cannot ask for them. */
static void store_gdt(void)
{
	unsigned char gdt[10];

	__asm__ volatile("sgdt %0" : "=m"(gdt));
}

static int has_umip(void)
{
	uint32_t a = 7, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return c >> 2 & 1;
}

static void no_kernel_address_is_told(void)
{
	for (unsigned long type = 0; type < 64; type++)
		CHECK(type == AT_HWCAP || type == AT_HWCAP2 || !(getauxval(type) >> 63));
	CHECK(!has_umip() || ends_by(store_gdt) == SIGSEGV);
}

static void smash(void)
{
	char buf[8];
	volatile char *p = buf;

	for (volatile int i = 0; i < 64; i++)
		p[i] = 'x';
}

static void a_smashed_stack_ends_the_program(void)
{
	int signo = ends_by(smash);

	CHECK(signo == SIGABRT || signo == SIGSEGV || signo == SIGILL);
}

static void fresh_memory_is_zero(void)
{
	for (int round = 0; round < 4; round++) {
		size_t n = 1 << 20;
		unsigned char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(p != MAP_FAILED);
		for (size_t i = 0; i < n; i += 64)
			CHECK(p[i] == 0);
		memset(p, 0xa5, n);
		munmap(p, n);
	}
}

#define T(f) { #f, f }
int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(addresses_differ_between_runs), T(writable_code_is_refused),
		T(data_does_not_run_and_code_is_not_written), T(page_zero_and_the_kernel_are_out_of_reach),
		T(no_kernel_address_is_told), T(a_smashed_stack_ends_the_program), T(fresh_memory_is_zero), { NULL, NULL },
	};

	self = argv[0];
	if (argc == 2 && !strcmp(argv[1], "places"))
		return tell_places(), 0;
	return run_tests(tests);
}
