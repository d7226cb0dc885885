/* SPDX-License-Identifier: MIT */
/* sig2str, str2sig; 0 is "EXIT", as for kill and trap. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int sig2str(int sig, char *s)
{
	const char *name = sig ? sigabbrev_np(sig) : "EXIT";
	if (name)
		strcpy(s, name);
	else if (sig >= SIGRTMIN && sig <= SIGRTMAX)
		snprintf(s, SIG2STR_MAX, sig == SIGRTMIN ? "RTMIN" : sig == SIGRTMAX ? "RTMAX" :
			sig - SIGRTMIN <= SIGRTMAX - sig ? "RTMIN+%d" : "RTMAX-%d",
			sig - SIGRTMIN <= SIGRTMAX - sig ? sig - SIGRTMIN : SIGRTMAX - sig);
	else
		return -1;
	return 0;
}

int str2sig(const char *restrict s, int *restrict sig)
{
	char *e, name[SIG2STR_MAX];
	long n = strtol(s, &e, 10);
	if (e != s && !*e && n >= 0 && n < NSIG) {
		*sig = n;
		return 0;
	}
	for (int i = 0; i < NSIG; i++) {
		if (sig2str(i, name) == 0 && !strcmp(name, s)) {
			*sig = i;
			return 0;
		}
	}
	return -1;
}
