/* SPDX-License-Identifier: MIT */
/* Contexts: arguments, switching back and forth, the link at the end. */
#include <assert.h>
#include <stddef.h>
#include <ucontext.h>

static ucontext_t home, a, b;
static char stack_a[16384], stack_b[16384];
static int order[10], n;

static void one(int x, int y, int z, int u, int v, int w, int s, int t)
{
	assert(x == 1 && y == 2 && z == 3 && u == 4 && v == 5 && w == 6 && s == 7 && t == 8);
	order[n++] = 1;
	assert(swapcontext(&a, &b) == 0);
	order[n++] = 3;
}

static void two(void)
{
	order[n++] = 2;
	assert(swapcontext(&b, &a) == 0);
	assert(0);
}

int main(void)
{
	volatile double d = 1.5;
	assert(getcontext(&a) == 0 && getcontext(&b) == 0);
	a.uc_stack.ss_sp = stack_a;
	a.uc_stack.ss_size = sizeof(stack_a);
	a.uc_link = &home;
	makecontext(&a, (void (*)(void))one, 8, 1, 2, 3, 4, 5, 6, 7, 8);
	b.uc_stack.ss_sp = stack_b;
	b.uc_stack.ss_size = sizeof(stack_b);
	b.uc_link = NULL;
	makecontext(&b, two, 0);
	assert(swapcontext(&home, &a) == 0);
	assert(n == 3 && order[0] == 1 && order[1] == 2 && order[2] == 3 && d == 1.5);
	n = 0;
	getcontext(&home);
	if (n++ < 3)
		setcontext(&home);
	assert(n == 4);
	return 0;
}
