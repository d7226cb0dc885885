/* SPDX-License-Identifier: MIT */
/* fork.c: fork, _Fork, vfork. */
#include <errno.h>
#include <unistd.h>
#include "../internal/hidden.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

hidden void __fork_handlers(int who);
hidden void __thread_after_fork(void);
/* The allocator's and stdio's locks, where they are linked in: -1 before, 0 in the parent, 1 in the child. */
__attribute__((__weak__)) void __malloc_atfork(int who);
__attribute__((__weak__)) void __stdio_atfork(int who);
hidden __attribute__((__weak__)) void __ldso_atfork(int who);
hidden void __block_all(uint64_t *old);
hidden void __restore_mask(const uint64_t *old);

pid_t _Fork(void)
{
	uint64_t mask;
	int pid;

	__block_all(&mask);
	pid = plat_fork();
	if (pid == 0) {
		__thread_after_fork();
		plat_after_fork_child();
	}
	__restore_mask(&mask);
	return __ret(pid);
}

/* The dynamic linker's lock comes first: its holder allocates. */
static void around(int who)
{
	if (__ldso_atfork && who < 0)
		__ldso_atfork(who);
	if (__stdio_atfork)
		__stdio_atfork(who);
	if (__malloc_atfork)
		__malloc_atfork(who);
	if (__ldso_atfork && who >= 0)
		__ldso_atfork(who);
}

pid_t fork(void)
{
	pid_t pid;
	int err;

	__fork_handlers(-1);
	around(-1);
	pid = _Fork();
	err = errno;
	around(pid == 0);
	__fork_handlers(pid == 0);
	errno = err;
	return pid;
}

/* A child with its own memory is a correct vfork. */
pid_t vfork(void)
{
	return _Fork();
}
