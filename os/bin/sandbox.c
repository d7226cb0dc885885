/* SPDX-License-Identifier: MIT */
/* sandbox: starts a program with only the names and system calls it is given. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/seal.h>
#include <unistd.h>

#define NAMES_MAX	256

static const struct { const char *name; unsigned set; } calls[] = {
	{ "fork", SEAL_FORK }, { "exec", SEAL_EXEC }, { "thread", SEAL_THREAD }, { "names", SEAL_NAMES },
	{ "code", SEAL_CODE }, { "serve", SEAL_SERVE },
};

static struct seal_name names[NAMES_MAX];
static size_t nnames;

static void usage(void)
{
	fprintf(stderr, "usage: sandbox [-eknsu] [-c call,...] [-r path] ... [-w path] ... [--] program [argument ...]\n");
	exit(2);
}

static void add(const char *path, int writable)
{
	if (nnames == NAMES_MAX)
		errx(125, "more than %d names", NAMES_MAX);
	names[nnames++] = (struct seal_name){ path, writable };
}

/* What need not be there is left out. */
static void add_some(const char *path)
{
	if (!access(path, F_OK))
		add(path, 0);
}

static unsigned set_of(char *list)
{
	unsigned set = 0, i;

	for (char *s = strtok(list, ","); s; s = strtok(NULL, ",")) {
		for (i = 0; i < sizeof(calls) / sizeof(calls[0]) && strcmp(calls[i].name, s); i++)
			;
		if (i == sizeof(calls) / sizeof(calls[0]))
			errx(2, "%s: not a set of calls: fork exec thread names code serve", s);
		set |= calls[i].set;
	}
	return set;
}

/* Where execvp would find it. */
static const char *find(const char *program)
{
	const char *path = getenv("PATH");
	static char at[4096];

	if (strchr(program, '/'))
		return program;
	for (path = path ? path : "/usr/bin:/bin"; ; path++) {
		size_t n = strcspn(path, ":");

		if (snprintf(at, sizeof(at), "%.*s%s%s", (int)n, path, n ? "/" : "", program) < (int)sizeof(at) &&
		    !access(at, X_OK))
			return at;
		path += n;
		if (!*path)
			errx(127, "%s: not found", program);
	}
}

int main(int argc, char **argv)
{
	int c, keep_files = 0, libraries = 1, flags = SEAL_EPERM;
	unsigned set = 0;
	const char *program;

	while ((c = getopt(argc, argv, "+c:eknr:suw:")) != -1) {
		switch (c) {
		case 'c':
			set |= set_of(optarg);
			break;
		case 'e':
			keep_files = 1;
			break;
		case 'k':
			flags = SEAL_KILL;
			break;
		case 'n':
			add("/net", 1);
			add_some("/etc/resolv.conf");
			add_some("/etc/hosts");
			break;
		case 'r':
		case 'w':
			add(optarg, c == 'w');
			break;
		case 's':
			libraries = 0;
			break;
		case 'u':
			add("/net/unix", 1);
			break;
		default:
			usage();
		}
	}
	if (optind == argc)
		usage();
	program = find(argv[optind]);
	add(program, 0);
	add("/dev", 1);
	if (libraries)
		add_some("/usr/lib");
	if (!keep_files)
		closefrom(3);
	if (set && seal_calls(set, flags | SEAL_LATER))
		err(125, "cannot give up system calls");
	if (seal_names(names, nnames))
		err(125, "cannot give up names");
	execv(program, argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", program);
}
