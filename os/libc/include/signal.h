/* SPDX-License-Identifier: MIT */
/* signal.h: signals. */
#ifndef _SIGNAL_H
#define _SIGNAL_H

#include <features.h>

#if __VISIBLE_POSIX
#define __NEED_pid_t
#define __NEED_pthread_t
#define __NEED_sigset_t
#define __NEED_size_t
#define __NEED_struct_timespec
#define __NEED_uid_t
#endif
#include <bits/alltypes.h>

#if __VISIBLE_POSIX
#include <bits/siginfo.h>
#include <bits/ucontext.h>
#endif

__BEGIN_DECLS

#define SIGINT 2
#define SIGILL 4
#define SIGABRT 6
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15

int __libc_current_sigrtmin(void);
int __libc_current_sigrtmax(void);

#define SIG_ERR ((void (*)(int))-1)
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

typedef int sig_atomic_t;

int raise(int);
void (*signal(int, void (*)(int)))(int);

#if __VISIBLE_POSIX
#define SIGHUP 1
#define SIGQUIT 3
#define SIGBUS 7
#define SIGKILL 9
#define SIGUSR1 10
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGSYS 31
#define SIGRTMIN (__libc_current_sigrtmin())
#define SIGRTMAX (__libc_current_sigrtmax())
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000
#define SI_ASYNCIO (-4)
#define SI_MESGQ (-3)
#define SI_TIMER (-2)
#define SI_QUEUE (-1)
#define SI_USER 0
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_TRAPPED 4
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6
#define SIGEV_SIGNAL 0
#define SIGEV_NONE 1
#define SIGEV_THREAD 2

/* The kernel's form of it is struct k_sigaction of libc's internal headers. */
struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	} __sa_handler;
	sigset_t sa_mask;
	int sa_flags;
	void (*sa_restorer)(void);
};

#define sa_handler __sa_handler.sa_handler
#define sa_sigaction __sa_handler.sa_sigaction


int kill(pid_t, int);
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigprocmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int sigsuspend(const sigset_t *);
int sigaction(int, const struct sigaction *__restrict, struct sigaction *__restrict);
int sigpending(sigset_t *);
int sigwait(const sigset_t *__restrict, int *__restrict);
int sigwaitinfo(const sigset_t *__restrict, siginfo_t *__restrict);
int sigtimedwait(const sigset_t *__restrict, siginfo_t *__restrict,
	const struct timespec *__restrict);
int sigqueue(pid_t, int, union sigval);
int pthread_sigmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int pthread_kill(pthread_t, int);
void psiginfo(const siginfo_t *, const char *);
void psignal(int, const char *);
#endif

#if __VISIBLE_POSIX2024
#define SIGWINCH 28
#define SIG2STR_MAX 18

int sig2str(int, char *);
int str2sig(const char *__restrict, int *__restrict);
#endif

#if __VISIBLE_XSI
#define SIGTRAP 5
#define SIG_HOLD ((void (*)(int))2)
#define SA_ONSTACK 0x08000000
#define SS_ONSTACK 1
#define SS_DISABLE 2
#define MINSIGSTKSZ 2048
#define SIGSTKSZ 8192
#define TRAP_BRKPT 1
#define TRAP_TRACE 2

int killpg(pid_t, int);
int sigaltstack(const stack_t *__restrict, stack_t *__restrict);
int siginterrupt(int, int);
int sigpause(int);
int sighold(int);
int sigignore(int);
int sigrelse(int);
void (*sigset(int, void (*)(int)))(int);
#endif

#if __VISIBLE_MORE
#define SIGIOT SIGABRT
#define SIGSTKFLT 16
#define SIGCLD SIGCHLD
#define SIGPWR 30
#define SIGUNUSED SIGSYS
#define _NSIG 65
#define NSIG _NSIG
#define SA_NOMASK SA_NODEFER
#define SA_ONESHOT SA_RESETHAND
#define SA_RESTORER 0x04000000
#define SS_AUTODISARM (1U << 31)
#define SI_ASYNCNL (-60)
#define SI_TKILL (-6)
#define SI_SIGIO (-5)
#define SI_KERNEL 128
#define FPE_FLTUNK 14
#define FPE_CONDTRAP 15
#define SEGV_BNDERR 3
#define SEGV_PKUERR 4
#define BUS_MCEERR_AR 4
#define BUS_MCEERR_AO 5
#define TRAP_BRANCH 3
#define TRAP_HWBKPT 4
#define TRAP_UNK 5
#define SIGEV_THREAD_ID 4

typedef void (*sighandler_t)(int);
typedef void (*sig_t)(int);

int tgkill(pid_t, pid_t, int);
int sigisemptyset(const sigset_t *);
int sigorset(sigset_t *, const sigset_t *, const sigset_t *);
int sigandset(sigset_t *, const sigset_t *, const sigset_t *);
int pthread_sigqueue(pthread_t, int, union sigval);
void (*bsd_signal(int, void (*)(int)))(int);
void (*sysv_signal(int, void (*)(int)))(int);
int sigblock(int);
int sigsetmask(int);
int siggetmask(void);

#define sigmask(n) (1U << ((n) - 1))

extern const char *const sys_siglist[];
#endif

#ifdef _GNU_SOURCE
enum {
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RDI, REG_RSI,
	REG_RBP, REG_RBX, REG_RDX, REG_RAX, REG_RCX, REG_RSP, REG_RIP, REG_EFL, REG_CSGSFS,
	REG_ERR, REG_TRAPNO, REG_OLDMASK, REG_CR2
};
#endif

__END_DECLS

#endif
