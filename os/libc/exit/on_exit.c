/* SPDX-License-Identifier: MIT */
/* on_exit: handlers that are told the exit code. */
#include <stdlib.h>
#include "exit.h"

int __cxa_atexit(void (*)(void *), void *, void *);

struct told { void (*fn)(int, void *); void *arg; };

static void call(void *p)
{
	struct told t = *(struct told *)p;

	free(p);
	t.fn(__exit_code, t.arg);
}

int on_exit(void (*fn)(int, void *), void *arg)
{
	struct told *t = malloc(sizeof(*t));

	if (!t)
		return -1;
	*t = (struct told){ fn, arg };
	if (__cxa_atexit(call, t, NULL) == 0)
		return 0;
	free(t);
	return -1;
}
