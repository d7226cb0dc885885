/* SPDX-License-Identifier: MIT */
/* signo.h: the signals and flags that the kernel knows by name (Linux's values). */
#ifndef KERNEL_SIGNO_H
#define KERNEL_SIGNO_H

#include "sig/sig.h"

#define SIGILL		4
#define SIGTRAP		5
#define SIGQUIT		3
#define SIGABRT		6
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGSEGV		11
#define SIGPIPE		13
#define SIGCHLD		17
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGTTIN		21
#define SIGTTOU		22
#define SIGURG		23
#define SIGXCPU		24
#define SIGXFSZ		25
#define SIGSYS		31
#define SIGWINCH	28
#define SIGRTMIN	32

#define SIG_DFL		0
#define SIG_IGN		1

/* What default does; the others terminate. */
#define SIG_DFL_IGNORE	(SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) | SIG_BIT(SIGWINCH))
/* Those that leave a core file, and those of them that tell of a mistake in any case. */
#define SIG_DFL_CRASH	(SIG_BIT(SIGILL) | SIG_BIT(SIGTRAP) | SIG_BIT(SIGABRT) | SIG_BIT(SIGBUS) | SIG_BIT(SIGFPE) | \
			 SIG_BIT(SIGSEGV) | SIG_BIT(SIGSYS))
#define SIG_DFL_CORE	(SIG_DFL_CRASH | SIG_BIT(SIGQUIT) | SIG_BIT(SIGXCPU) | SIG_BIT(SIGXFSZ))
#define SIG_DFL_STOP	(SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU))

#define SA_NOCLDSTOP	0x00000001u
#define SA_NOCLDWAIT	0x00000002u
#define SA_ONSTACK	0x08000000u
#define SA_RESTART	0x10000000u
#define SA_NODEFER	0x40000000u
#define SA_RESETHAND	0x80000000u

#define SS_ONSTACK	1
#define SS_DISABLE	2
#define SS_AUTODISARM	(1u << 31)

#define SI_USER		0
#define SI_TKILL	(-6)
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

#endif
