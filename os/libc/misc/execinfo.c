/* SPDX-License-Identifier: MIT */
/* backtrace: the chain of frame pointers is not kept, so only the unwinder of GCC could tell. */
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace { void **pc; int n, max; };
struct _Unwind_Context;
extern __attribute__((weak)) int _Unwind_Backtrace(int (*)(struct _Unwind_Context *, void *), void *);
extern __attribute__((weak)) unsigned long _Unwind_GetIP(struct _Unwind_Context *);

static int note(struct _Unwind_Context *c, void *arg)
{
	struct trace *t = arg;
	if (t->n < 0)
		t->n = 0;	/* backtrace itself */
	else if (t->n < t->max)
		t->pc[t->n++] = (void *)_Unwind_GetIP(c);
	return 0;
}

int backtrace(void **pc, int max)
{
	struct trace t = { pc, -1, max };
	if (!_Unwind_Backtrace)
		return 0;
	_Unwind_Backtrace(note, &t);
	return t.n < 0 ? 0 : t.n;
}

char **backtrace_symbols(void *const *pc, int n)
{
	char **out = malloc(n * (sizeof(*out) + 24) + 1);
	if (!out)
		return NULL;
	char *p = (char *)(out + n);
	for (int i = 0; i < n; i++) {
		out[i] = p;
		p += sprintf(p, "[%p]", pc[i]) + 1;
	}
	return out;
}

void backtrace_symbols_fd(void *const *pc, int n, int fd)
{
	for (int i = 0; i < n; i++)
		dprintf(fd, "[%p]\n", pc[i]);
}
