/* SPDX-License-Identifier: MIT */
/* Limits that the kernel and libc enforce, and who ends when memory is used up. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

#define SCRIPT "/tmp/limits.script"

static const char *self;

static int limited(int which, unsigned long to)
{
	struct rlimit r = { to, to };

	return setrlimit(which, &r);
}

/* The exit status of fn in a child, 1000 + the signal that ended it. */
static int in_child(int (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(fn());
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int fork_bomb(void)
{
	int n = 0;

	if (setuid(1234) || limited(RLIMIT_NPROC, 5))
		return 100;
	while (n < 50) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (!pid) {
			signal(SIGTERM, SIG_DFL);
			pause();
			_exit(0);
		}
		n++;
	}
	int err = errno;

	kill(-getpgrp(), SIGTERM);	/* all of this group that one may: its own */
	return err == EAGAIN ? n : 99;
}

static int alone(void)
{
	signal(SIGTERM, SIG_IGN);
	return setpgid(0, 0) ? 98 : fork_bomb();
}

static void a_user_has_so_many_threads(void)
{
	CHECK(in_child(alone) == 4);
}

static int map_data(void)
{
	void *p;

	if (limited(RLIMIT_DATA, 64ul << 20))
		return 1;
	p = mmap(NULL, 16ul << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return 2;
	p = mmap(NULL, 64ul << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED || errno != ENOMEM)
		return 3;
	p = mmap(NULL, 64ul << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? 4 : 0;
}

static int map_all(void)
{
	if (limited(RLIMIT_AS, 64ul << 20))
		return 1;
	return mmap(NULL, 64ul << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM ? 0 : 2;
}

static void memory_is_limited(void)
{
	CHECK(in_child(map_data) == 0);
	CHECK(in_child(map_all) == 0);
}

/* Uses `kib` of its stack. */
static int deep(int kib)
{
	volatile char room[1024];

	room[0] = (char)kib;
	return kib ? deep(kib - 1) + room[0] - (char)kib : 0;
}

static int stack_of(unsigned long bytes, const char *use)
{
	if (limited(RLIMIT_STACK, bytes))
		return 1;
	execl(self, "limits", "stack", use, NULL);
	return 2;
}

static int small_stack(void) { return stack_of(1 << 20, "4096"); }
static int large_stack(void) { return stack_of(32 << 20, "16384"); }

static void the_stack_is_as_large_as_its_limit(void)
{
	CHECK(in_child(small_stack) == 1000 + SIGSEGV);
	CHECK(in_child(large_stack) == 0);
}

/* Larger than its limit, as a shell in which ulimit -v was lowered. */
static int too_large_already(void)
{
	return mmap(NULL, 64ul << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		|| limited(RLIMIT_AS, 32ul << 20);
}

static int exec_small(void)
{
	return too_large_already() ? 1 : execl(self, "limits", "stack", "16", NULL);
}

static int exec_script(void)
{
	return too_large_already() ? 1 : execl(SCRIPT, "script", "16", NULL);
}

static void who_is_too_large_may_become_another(void)
{
	FILE *f = fopen(SCRIPT, "w");

	CHECK(f && fprintf(f, "#!%s stack\n", self) > 0 && !fchmod(fileno(f), 0755) && !fclose(f));
	CHECK(in_child(exec_small) == 0);
	CHECK(in_child(exec_script) == 0);
	CHECK(!unlink(SCRIPT));
}

static int eat(void)
{
	for (;;) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return 1;
		memset(p, 1, 1 << 20);
	}
}

static volatile int small_ones_end;

static void *small_work(void *arg)
{
	while (!small_ones_end) {
		char *p = malloc(200000);

		memset(p, 1, 200000);
		free(p);
		usleep(1000);
	}
	return arg;
}

/* One process eats all, others work: the eater is killed, and nobody else. */
static void the_eater_of_memory_is_killed(void)
{
	pthread_t t;
	pid_t small = fork();
	int status = 0;

	if (!small)
		for (;;)
			small_work(NULL);
	pthread_create(&t, NULL, small_work, NULL);
	CHECK(in_child(eat) == 1000 + SIGKILL);
	small_ones_end = 1;
	pthread_join(t, NULL);
	CHECK(waitpid(small, &status, WNOHANG) == 0);
	kill(small, SIGKILL);
	waitpid(small, &status, 0);
}

static int set_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return setuid(1000) ? 1 : clock_settime(CLOCK_REALTIME, &ts) == -1 && errno == EPERM ? 0 : 2;
}

static void root_sets_the_clock(void)
{
	struct timespec was, now, mono;

	CHECK(!clock_gettime(CLOCK_REALTIME, &was) && !clock_gettime(CLOCK_MONOTONIC, &mono));
	was.tv_sec += 1000000;
	CHECK(!clock_settime(CLOCK_REALTIME, &was));
	CHECK(!clock_gettime(CLOCK_REALTIME, &now) && now.tv_sec >= was.tv_sec && now.tv_sec < was.tv_sec + 100);
	was.tv_sec -= 1000000;
	CHECK(!clock_settime(CLOCK_REALTIME, &was));
	was.tv_nsec = 1000000000;
	CHECK(clock_settime(CLOCK_REALTIME, &was) == -1 && errno == EINVAL);
	CHECK(clock_settime(CLOCK_MONOTONIC, &mono) == -1 && errno == EINVAL);
	CHECK(in_child(set_clock) == 0);
}

#define T(f) { #f, f }
int main(int argc, char **argv)
{
	static const struct test tests[] = {
		T(a_user_has_so_many_threads), T(memory_is_limited), T(the_stack_is_as_large_as_its_limit),
		T(who_is_too_large_may_become_another),
		T(the_eater_of_memory_is_killed), T(root_sets_the_clock), { NULL, NULL },
	};

	if (argc == 4)
		return strcmp(argv[1], "stack") || strcmp(argv[2], SCRIPT) || strcmp(argv[3], "16");
	if (argc > 2)
		return deep(atoi(argv[2]));
	self = argv[0];
	return run_tests(tests);
}
