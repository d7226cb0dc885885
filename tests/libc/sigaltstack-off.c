/* SPDX-License-Identifier: MIT */
/* A stack for handlers that is turned off leaves nothing of what came with it. */
#include <assert.h>
#include <signal.h>
#include <stdlib.h>

int main(void)
{
	stack_t off = { .ss_sp = malloc(SIGSTKSZ), .ss_size = SIGSTKSZ, .ss_flags = SS_DISABLE }, on = off, now;

	on.ss_flags = 0;
	assert(!sigaltstack(&on, 0) && !sigaltstack(0, &now));
	assert(now.ss_sp == on.ss_sp && now.ss_size == on.ss_size && !now.ss_flags);
	assert(!sigaltstack(&off, 0) && !sigaltstack(0, &now));
	assert(!now.ss_sp && !now.ss_size && now.ss_flags == SS_DISABLE);
	return 0;
}
