/* SPDX-License-Identifier: MIT */
/* kill: sends signals to processes and groups, lists signals. Shells have it built in; this is for all else. */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: kill [-s SIGNAL | -SIGNAL] PID...\n"
		"       kill -l [NUMBER...]\n");
	exit(2);
}

static long number(const char *s, const char *what)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(s, &end, 10);
	if (end == s || *end || errno || n < INT_MIN || n > INT_MAX)
		errx(2, "%s: not a %s", s, what);
	return n;
}

/* A name in any case, with or without SIG, or a number; 0 sends nothing. */
static int signal_of(const char *s)
{
	char name[SIG2STR_MAX];
	size_t i;
	int sig;

	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	for (i = 0; s[i] && i < sizeof(name) - 1; i++)
		name[i] = (char)toupper((unsigned char)s[i]);
	name[i] = 0;
	if (!strcmp(name, "0") || !strcmp(name, "EXIT"))
		return 0;
	if (s[i] || str2sig(name, &sig))
		errx(2, "%s: unknown signal", s);
	return sig;
}

/* Names of signals; of a number above 128 that of the signal that ended a command of a shell. */
static int list(char **args)
{
	char name[SIG2STR_MAX];
	long n;

	if (!*args) {
		for (int sig = 1; sig <= SIGRTMAX; sig++)
			if (!sig2str(sig, name))
				puts(name);
	}
	for (; *args; args++) {
		n = number(*args, "number of a signal");
		if (sig2str((int)(n > 128 ? n - 128 : n), name))
			errx(1, "%s: no such signal", *args);
		puts(name);
	}
	return fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
	int sig = SIGTERM, i = 1, status = 0;

	if (argc > 1 && !strcmp(argv[1], "-l"))
		return list(argv + 2);
	if (argc > 2 && !strcmp(argv[1], "-s")) {
		sig = signal_of(argv[2]);
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		sig = signal_of(argv[1] + 1);
		i = 2;
	}
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	if (i >= argc)
		usage();
	for (; i < argc; i++) {
		if (kill((pid_t)number(argv[i], "process"), sig)) {
			warn("%s", argv[i]);
			status = 1;
		}
	}
	return status;
}
