/* SPDX-License-Identifier: MIT */
/* liba: needs libb; a constructor, thread-local data, a symbol that libb has too. */
#include <stdio.h>

__thread int a_tls = 10;
__thread char a_big[3000];
int shared_data = 5;
int b_value(void);

const char *who(void)
{
	return "a";
}

int a_value(void)
{
	return b_value() + a_tls++;
}

int *a_data(void)
{
	return &shared_data;
}

__attribute__((constructor)) static void start(void)
{
	puts("a starts");
}

__attribute__((destructor)) static void stop(void)
{
	puts("a stops");
}
