/* SPDX-License-Identifier: MIT */
/* sigprocmask.c: the mask of blocked signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int sigpending(sigset_t *set)
{
	return __ret((memset(set, 0, sizeof(*set)), plat_sigpending((uint64_t *)set)));
}

#define RESERVED (1ull << 31 | 1ull << 32 | 1ull << 33)

int pthread_sigmask(int how, const sigset_t *restrict new, sigset_t *restrict old)
{
	uint64_t mask = 0, was;
	int r;

	/* The library's own signals are never blocked by programs. */
	if (new)
		mask = *(const uint64_t *)new & ~RESERVED;
	r = plat_sigprocmask(how, new ? &mask : 0, old ? &was : 0);
	if (r >= 0 && old) {
		memset(old, 0, sizeof(*old));
		*(uint64_t *)old = was & ~RESERVED;
	}
	return -r;
}

int sigprocmask(int how, const sigset_t *restrict new, sigset_t *restrict old)
{
	return __ret(-pthread_sigmask(how, new, old));
}

static int change(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	return sigaddset(&set, sig) ? -1 : sigprocmask(how, &set, 0);
}

int sighold(int sig)
{
	return change(SIG_BLOCK, sig);
}

int sigrelse(int sig)
{
	return change(SIG_UNBLOCK, sig);
}

static int old_bits(int how, int mask, int query)
{
	uint64_t set = (unsigned)mask, was;

	plat_sigprocmask(how, query ? 0 : &set, &was);
	return was;
}

int sigblock(int mask)
{
	return old_bits(SIG_BLOCK, mask, 0);
}

int sigsetmask(int mask)
{
	return old_bits(SIG_SETMASK, mask, 0);
}

int siggetmask(void)
{
	return old_bits(SIG_BLOCK, 0, 1);
}
