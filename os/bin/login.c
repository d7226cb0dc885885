/* SPDX-License-Identifier: MIT */
/* login: asks who is there and starts that user's shell on this terminal. */
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include "../lib/accounts.h"

#define TRIES	5
#define PATIENCE 60		/* seconds for each answer */
#define TTY_GROUP 5

static char name[64];
static const char *host = "";

/* Reads a name into `name`; an end of the input ends the program. */
static void ask_name(void)
{
	do {
		printf("login: ");
		fflush(stdout);
		if (!fgets(name, sizeof(name), stdin))
			exit(1);
		name[strcspn(name, "\r\n")] = '\0';
	} while (!*name);
}

static struct passwd *authenticate(int given)
{
	struct passwd *pw;

	for (int i = 0; i < TRIES; i++) {
		alarm(PATIENCE);
		if (!given)
			ask_name();
		given = 0;
		pw = getpwnam(name);
		if (accounts_ask(pw, "Password: ") && pw)
			return pw;
		sleep(2);
		printf("Login incorrect\n");
	}
	exit(1);
}

static void note(void)
{
	struct utmp u = { 0 };

	memcpy(u.ut_user, name, strnlen(name, sizeof(u.ut_user)));
	memcpy(u.ut_host, host, strnlen(host, sizeof(u.ut_host)));
	login(&u);
}

static void greet(void)
{
	char buf[2048];
	int fd = open("/etc/motd", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf));

	if (n > 0 && fwrite(buf, 1, (size_t)n, stdout))
		fflush(stdout);
	if (fd >= 0)
		close(fd);
}

static _Noreturn void start(struct passwd *pw, int keep)
{
	const char *shell = pw->pw_shell[0] ? pw->pw_shell : "/bin/sh";

	/* The terminal is the user's while the session lasts; others may write to it through its group. */
	if (fchown(0, pw->pw_uid, TTY_GROUP) || fchmod(0, 0620))
		warn("terminal");
	note();
	accounts_environment(pw, shell, keep);
	greet();
	accounts_become(pw);
	if (chdir(pw->pw_dir)) {
		warn("%s", pw->pw_dir);
		if (chdir("/"))
			err(1, "/");
	}
	accounts_shell(pw, shell, 1, NULL);
}

int main(int argc, char **argv)
{
	int c, force = 0, keep = 0;
	struct passwd *pw;

	if (geteuid())
		errx(1, "only root may log users in; see su(1)");
	while ((c = getopt(argc, argv, "fh:p")) != -1) {
		switch (c) {
		case 'f':
			force = 1;
			break;
		case 'h':
			host = optarg;
			break;
		case 'p':
			keep = 1;
			break;
		default:
			fprintf(stderr, "usage: login [-p] [-h host] [[-f] name]\n");
			return 2;
		}
	}
	if (optind < argc)
		snprintf(name, sizeof(name), "%s", argv[optind]);
	if (force && !*name)
		errx(2, "-f needs a name");
	pw = force ? getpwnam(name) : authenticate(*name != '\0');
	if (!pw)
		errx(1, "%s: no such user", name);
	alarm(0);
	start(pw, keep);
}
