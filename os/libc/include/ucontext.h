/* SPDX-License-Identifier: MIT */
/* ucontext.h: the state of a thread. */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H

#include <features.h>
#include <signal.h>
#include <bits/ucontext.h>

__BEGIN_DECLS

int getcontext(ucontext_t *);
void makecontext(ucontext_t *, void (*)(void), int, ...);
int setcontext(const ucontext_t *);
int swapcontext(ucontext_t *, const ucontext_t *);

__END_DECLS

#endif
