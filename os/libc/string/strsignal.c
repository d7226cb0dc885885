/* SPDX-License-Identifier: MIT */
/* strsignal and its family: names and texts of signals. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* SIGNALS(X): X(number, name, text) of each. */
#define SIGNALS(X) \
	X(SIGHUP, "HUP", "Hangup") \
	X(SIGINT, "INT", "Interrupt") \
	X(SIGQUIT, "QUIT", "Quit") \
	X(SIGILL, "ILL", "Illegal instruction") \
	X(SIGTRAP, "TRAP", "Trace/breakpoint trap") \
	X(SIGABRT, "ABRT", "Aborted") \
	X(SIGBUS, "BUS", "Bus error") \
	X(SIGFPE, "FPE", "Floating point exception") \
	X(SIGKILL, "KILL", "Killed") \
	X(SIGUSR1, "USR1", "User defined signal 1") \
	X(SIGSEGV, "SEGV", "Segmentation fault") \
	X(SIGUSR2, "USR2", "User defined signal 2") \
	X(SIGPIPE, "PIPE", "Broken pipe") \
	X(SIGALRM, "ALRM", "Alarm clock") \
	X(SIGTERM, "TERM", "Terminated") \
	X(SIGSTKFLT, "STKFLT", "Stack fault") \
	X(SIGCHLD, "CHLD", "Child exited") \
	X(SIGCONT, "CONT", "Continued") \
	X(SIGSTOP, "STOP", "Stopped (signal)") \
	X(SIGTSTP, "TSTP", "Stopped") \
	X(SIGTTIN, "TTIN", "Stopped (tty input)") \
	X(SIGTTOU, "TTOU", "Stopped (tty output)") \
	X(SIGURG, "URG", "Urgent I/O condition") \
	X(SIGXCPU, "XCPU", "CPU time limit exceeded") \
	X(SIGXFSZ, "XFSZ", "File size limit exceeded") \
	X(SIGVTALRM, "VTALRM", "Virtual timer expired") \
	X(SIGPROF, "PROF", "Profiling timer expired") \
	X(SIGWINCH, "WINCH", "Window changed") \
	X(SIGIO, "IO", "I/O possible") \
	X(SIGPWR, "PWR", "Power failure") \
	X(SIGSYS, "SYS", "Bad system call")

#define NAMES(n, name, text) [n] = { name, text },
#define TEXTS(n, name, text) [n] = text,
static const struct { const char *name, *text; } signals[] = { SIGNALS(NAMES) };
const char *const sys_siglist[NSIG] = { SIGNALS(TEXTS) };
#define COUNT ((int)(sizeof(signals) / sizeof(*signals)))

const char *sigabbrev_np(int sig)
{
	return sig > 0 && sig < COUNT ? signals[sig].name : NULL;
}

const char *sigdescr_np(int sig)
{
	return sig > 0 && sig < COUNT ? signals[sig].text : NULL;
}

char *strsignal(int sig)
{
	static __thread char other[32];
	const char *s = sigdescr_np(sig);
	if (s)
		return (char *)s;
	if (sig >= SIGRTMIN && sig <= SIGRTMAX)
		snprintf(other, sizeof(other), "Real-time signal %d", sig - SIGRTMIN);
	else
		snprintf(other, sizeof(other), "Unknown signal %d", sig);
	return other;
}
