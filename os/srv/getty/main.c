/* SPDX-License-Identifier: MIT */
/*
 * getty: makes a terminal the controlling one of a new session and becomes login(1) on it, or at once a
 * shell of root where /etc/getty.conf says so.
 *	getty NAME		on /dev/NAME
 *	getty -t PATH NAME	runs PATH there and ends the machine with its status (tests)
 *	getty -r NAME		emergency shell
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include "../../lib/srv.h"
#include "getty.h"

#define CONF		"/etc/getty.conf"
#define LOGIN		"/usr/bin/login"
#define TTY_GROUP	5

static void take_terminal(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name);
	setsid();
	fd = open(path, O_RDWR | O_NOCTTY);
	if (fd < 0)
		srv_die("%s: %s", path, strerror(errno));
	if (ioctl(fd, TIOCSCTTY, 1) < 0)
		srv_log("%s: not the controlling terminal: %s", path, strerror(errno));
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	/* It was another user's, perhaps. */
	if (fchown(0, 0, TTY_GROUP) || fchmod(0, 0620))
		srv_log("%s: owner: %s", path, strerror(errno));
	logout(name);
}

/* The value of a word "key=..." of the kernel's command line, "" when there is none. */
static const char *option(const char *key, char *buf, size_t size)
{
	const char *p = getenv("CALX_CMDLINE");
	size_t n = strlen(key);

	buf[0] = '\0';
	while (p && *p) {
		size_t len = strcspn(p, " \n");

		if (len > n && p[n] == '=' && !strncmp(p, key, n) && len - n <= size) {
			memcpy(buf, p + n + 1, len - n - 1);
			buf[len - n - 1] = '\0';
		}
		p += len;
		p += strspn(p, " \n");
	}
	return buf;
}

/* What is at the other end of a serial line only a human knows: "term=" and "size=ROWSxCOLUMNS". */
static void serial_line(void)
{
	struct winsize ws = { 0 };
	char buf[64];

	setenv("TERM", *option("term", buf, sizeof(buf)) ? buf : "xterm", 1);
	if (sscanf(option("size", buf, sizeof(buf)), "%hux%hu", &ws.ws_row, &ws.ws_col) == 2)
		ioctl(0, TIOCSWINSZ, &ws);
}

static void environment(const char *name, char *shell, size_t size)
{
	char buf[64];

	option("shell", shell, size);
	if (!strncmp(name, "ttyS", 4) ||
	    (!strcmp(name, "console") && !strcmp(option("console", buf, sizeof(buf)), "serial")))
		serial_line();
	else
		setenv("TERM", "xterm-256color", 1);
	unsetenv("CALX_CMDLINE");
	if (chdir(getenv("HOME") ? getenv("HOME") : "/") < 0 && chdir("/") < 0)
		srv_log("no working directory: %s", strerror(errno));
}

/* "autologin TERMINAL USER" in the configuration: the user, or "" when somebody is to be asked. */
static const char *autologin(const char *name, char user[64])
{
	FILE *f = fopen(CONF, "re");
	char line[256], key[32], tty[32];

	user[0] = '\0';
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%31s %31s %63s", key, tty, user) == 3 && !strcmp(key, "autologin") && !strcmp(tty, name))
			break;
		else
			user[0] = '\0';
	if (f)
		fclose(f);
	return user;
}

/* Becomes login; returns when there is none. */
static void try_login(const char *user)
{
	char *const asked[] = { "login", NULL }, *const known[] = { "login", "-f", (char *)user, NULL };

	execv(LOGIN, *user ? known : asked);
}

/* The records of a session that login does not begin. */
static void note(const char *user)
{
	struct utmp u = { 0 };

	memcpy(u.ut_user, user, strnlen(user, sizeof(u.ut_user)));
	login(&u);
}

static void show_issue(void)
{
	char buf[1024];
	int fd = open("/etc/issue", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf));

	if (n > 0 && write(1, buf, (size_t)n) < 0)
		srv_log("issue: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Becomes this shell as a login shell; returns when it cannot. */
static void try_shell(const char *path)
{
	const char *slash = strrchr(path, '/');
	char name[64];
	char *const argv[] = { name, NULL };

	if (!slash || access(path, X_OK))
		return;
	snprintf(name, sizeof(name), "-%s", slash + 1);
	setenv("SHELL", path, 1);
	execv(path, argv);
}

static _Noreturn void shell(const char *wanted)
{
	try_shell(wanted);
	try_shell("/bin/bash");
	try_shell("/bin/sh");
	fprintf(stderr, "getty: no shell: %s\n", strerror(errno));
	exit(rescue());
}

/* Runs the test and hands its status to init, which ends the machine. */
static int test(char *path)
{
	char *const argv[] = { path, NULL };
	int status = 127 << 8;
	pid_t pid;

	/* What `make bench` reads; under -icount the counter counts instructions. */
	printf("boot-to-prompt: %llu\n", (unsigned long long)__builtin_ia32_rdtsc());
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execv(path, argv);
		fprintf(stderr, "getty: %s: %s\n", path, strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fprintf(stderr, "getty: %s: %s\n", path, strerror(errno));
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	printf("test: %s: exit status %d\n", path, status);
	fflush(stdout);
	tcdrain(1);
	srv_send(srv_start()->names, N_EXIT, NULL, (uint64_t)status, H_NONE, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[argc - 1] : "console";
	char wanted[64], user[64];

	take_terminal(name);
	environment(name, wanted, sizeof(wanted));
	if (argc == 4 && !strcmp(argv[1], "-t"))
		return test(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "-r"))
		return rescue();
	show_issue();
	/* "shell=" on the kernel's command line is for tests: whoever boots the machine owns it. */
	if (!*wanted && strcmp(autologin(name, user), "root"))
		try_login(user);
	note("root");
	shell(wanted);
}
