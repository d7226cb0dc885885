/* SPDX-License-Identifier: MIT */
/* bits/ucontext.h: the state of a thread that a signal handler sees (x86_64). */
#ifndef _BITS_UCONTEXT_H
#define _BITS_UCONTEXT_H

#define __NEED_sigset_t
#define __NEED_size_t
#include <bits/alltypes.h>

typedef struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;
typedef long long greg_t;
typedef long long gregset_t[23];
typedef struct _fpstate {
	unsigned short cwd, swd, ftw, fop;
	unsigned long long rip, rdp;
	unsigned mxcsr, mxcr_mask;
	struct { unsigned short significand[4], exponent, padding[3]; } _st[8];
	struct { unsigned element[4]; } _xmm[16];
	unsigned padding[24];
} *fpregset_t;
typedef struct {
	gregset_t gregs;
	fpregset_t fpregs;
	unsigned long long __reserved1[8];
} mcontext_t;
typedef struct ucontext_t {
	unsigned long uc_flags;
	struct ucontext_t *uc_link;
	stack_t uc_stack;
	mcontext_t uc_mcontext;
	sigset_t uc_sigmask;
	unsigned long __fpregs_mem[64];
	unsigned long __ssp[4];
} ucontext_t;

#endif
