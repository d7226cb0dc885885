/* SPDX-License-Identifier: MIT */
/* makecontext: a context that begins with a call of a function. */
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>
#include "hidden.h"

extern hidden void __context_end(void);

/* On the new stack from below: return address, arguments from the seventh on, uc_link. */
void makecontext(ucontext_t *c, void (*fn)(void), int argc, ...)
{
	int onstack = argc > 6 ? argc - 6 : 0;
	long long *g = c->uc_mcontext.gregs;
	uint64_t *sp = (uint64_t *)((char *)c->uc_stack.ss_sp + c->uc_stack.ss_size);
	va_list ap;
	sp -= onstack + 1;
	sp = (uint64_t *)((uintptr_t)sp & -16) - 1;
	sp[0] = (uintptr_t)__context_end;
	sp[onstack + 1] = (uintptr_t)c->uc_link;
	va_start(ap, argc);
	for (int i = 0; i < argc; i++) {
		uint64_t v = va_arg(ap, uint64_t);
		switch (i) {
		case 0: g[REG_RDI] = v; break;
		case 1: g[REG_RSI] = v; break;
		case 2: g[REG_RDX] = v; break;
		case 3: g[REG_RCX] = v; break;
		case 4: g[REG_R8] = v; break;
		case 5: g[REG_R9] = v; break;
		default: sp[i - 5] = v;
		}
	}
	va_end(ap);
	g[REG_RSP] = (uintptr_t)sp;
	g[REG_RIP] = (uintptr_t)fn;
	g[REG_RBX] = (uintptr_t)&sp[onstack + 1];
	g[REG_RBP] = 0;
}
