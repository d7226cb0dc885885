/* SPDX-License-Identifier: MIT */
/* Who runs over the end of his stack faults there, whatever is mapped below, and a handler on another stack sees where. */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define OTHER 65536
#define BELOW (64ul << 20)

static char *other, *below;
static uintptr_t low;	/* end of the stack */

static void overflown(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr, sp = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
	char here;

	if (sig != SIGSEGV || &here < other || &here >= other + OTHER)
		_exit(2);
	if (at - sp + 8192 > 16384)
		_exit(3);
	if (at < low - 8192 || at > low)
		_exit(4);
	_exit(at >= (uintptr_t)below && at < (uintptr_t)below + BELOW ? 5 : 0);
}

static int deep(int n)
{
	volatile char room[100];

	room[0] = n;
	return n ? deep(n + 1) + room[0] : 0;
}

static void *overflow(void *arg)
{
	struct sigaction sa = { .sa_sigaction = overflown, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	pthread_attr_t attr;
	void *stack;
	size_t size;

	other = malloc(OTHER);
	below = mmap(NULL, BELOW, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!other || below == MAP_FAILED || sigaltstack(&(stack_t){ .ss_sp = other, .ss_size = OTHER }, NULL)
			|| pthread_getattr_np(pthread_self(), &attr) || pthread_attr_getstack(&attr, &stack, &size))
		_exit(6);
	low = (uintptr_t)stack;
	sigaction(SIGSEGV, &sa, NULL);
	deep(1);
	return arg;
}

static void in_thread(void)
{
	pthread_t t;

	if (!pthread_create(&t, NULL, overflow, NULL))
		pthread_join(t, NULL);
}

static int child(int thread)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		thread ? in_thread() : (void)overflow(NULL);
		_exit(7);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

int main(void)
{
	struct rlimit r;

	/* Linux's first stack grows to what the limit is now; Calx's is as large as it was at exec. */
	assert(!getrlimit(RLIMIT_STACK, &r));
	if (r.rlim_cur == RLIM_INFINITY) {
		r.rlim_cur = 8 << 20;
		assert(!setrlimit(RLIMIT_STACK, &r));
	}
	assert(child(0) == 0);
	assert(child(1) == 0);
	return 0;
}
