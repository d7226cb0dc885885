/* SPDX-License-Identifier: MIT */
/* libb: the end of the chain; an indirect function. */
#include <stdio.h>

static __thread int b_tls = 100;

const char *who(void)
{
	return "b";
}

static int five(void)
{
	return 5;
}

static int (*choose(void))(void)
{
	return five;
}

int indirect(void) __attribute__((ifunc("choose")));

int b_value(void)
{
	return b_tls++ + indirect();
}

__attribute__((constructor)) static void start(void)
{
	puts("b starts");
}

__attribute__((destructor)) static void stop(void)
{
	puts("b stops");
}
