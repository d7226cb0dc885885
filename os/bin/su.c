/* SPDX-License-Identifier: MIT */
/* su: a shell, or a command, as another user. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../lib/accounts.h"

int main(int argc, char **argv)
{
	const char *user = "root", *shell = NULL, *command = NULL;
	char *args[64], *rest[] = { "-c", NULL, NULL };
	int c, n = 0, login = 0, keep = 0;
	struct passwd *pw;

	while ((c = getopt(argc, argv, "c:lms:")) != -1) {
		switch (c) {
		case 'c':
			command = optarg;
			break;
		case 'l':
			login = 1;
			break;
		case 'm':
			keep = 1;
			break;
		case 's':
			shell = optarg;
			break;
		default:
			fprintf(stderr, "usage: su [-lm] [-c command] [-s shell] [-] [user [argument ...]]\n");
			return 2;
		}
	}
	if (optind < argc && !strcmp(argv[optind], "-")) {
		login = 1;
		optind++;
	}
	if (optind < argc)
		user = argv[optind++];
	if (geteuid())
		errx(1, "not installed set-user-ID root");
	pw = getpwnam(user);
	if (getuid() && (!accounts_ask(pw, "Password: ") || !pw)) {
		sleep(2);
		errx(1, "sorry");
	}
	if (!pw)
		errx(1, "%s: no such user", user);
	/* Only root chooses another shell for others. */
	if (!shell || getuid())
		shell = pw->pw_shell[0] ? pw->pw_shell : "/bin/sh";
	if (!keep)
		accounts_environment(pw, shell, !login);
	accounts_become(pw);
	if (login && chdir(pw->pw_dir))
		warn("%s", pw->pw_dir);
	rest[1] = (char *)command;
	for (int i = 0; command && rest[i]; i++)
		args[n++] = rest[i];
	while (optind < argc && n < 63)
		args[n++] = argv[optind++];
	args[n] = NULL;
	accounts_shell(pw, shell, login, args);
}
