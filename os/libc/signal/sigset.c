/* SPDX-License-Identifier: MIT */
/* sigset.c: sets of signals: 64 bits at the head of sigset_t. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

#define RESERVED (1ull << 31 | 1ull << 32 | 1ull << 33)

static uint64_t *bits(const sigset_t *set)
{
	return (uint64_t *)set;
}

static int bad(int sig)
{
	return sig < 1 || sig > 64 || (RESERVED >> (sig - 1) & 1);
}

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	return 0;
}

int sigfillset(sigset_t *set)
{
	memset(set, 0, sizeof(*set));
	*bits(set) = ~RESERVED;
	return 0;
}

int sigaddset(sigset_t *set, int sig)
{
	if (bad(sig))
		return __ret(-EINVAL);
	*bits(set) |= 1ull << (sig - 1);
	return 0;
}

int sigdelset(sigset_t *set, int sig)
{
	if (bad(sig))
		return __ret(-EINVAL);
	*bits(set) &= ~(1ull << (sig - 1));
	return 0;
}

int sigismember(const sigset_t *set, int sig)
{
	if (sig < 1 || sig > 64)
		return __ret(-EINVAL);
	return *bits(set) >> (sig - 1) & 1;
}

int sigisemptyset(const sigset_t *set)
{
	return !*bits(set);
}

int sigorset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	*bits(to) = *bits(a) | *bits(b);
	return 0;
}

int sigandset(sigset_t *to, const sigset_t *a, const sigset_t *b)
{
	*bits(to) = *bits(a) & *bits(b);
	return 0;
}
