/* SPDX-License-Identifier: MIT */
/* at_quick_exit, quick_exit. */
#include <stdlib.h>
#include "lock.h"
#include "plat.h"

static void (*handlers[32])(void);
static int count;
static struct lock list_lock;

int at_quick_exit(void (*fn)(void))
{
	int r = -1;
	lock(&list_lock);
	if (count < 32) {
		handlers[count++] = fn;
		r = 0;
	}
	unlock(&list_lock);
	return r;
}

void quick_exit(int code)
{
	while (count > 0)
		handlers[--count]();
	plat_exit_group(code);
}
