/* SPDX-License-Identifier: MIT */
/* The emergency shell: a few commands without any other program, and starting programs by path. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../lib/srv.h"
#include "getty.h"

extern char **environ;

static void do_echo(char **argv)
{
	for (int i = 1; argv[i]; i++)
		printf("%s%s", i > 1 ? " " : "", argv[i]);
	putchar('\n');
}

static void do_ls(char **argv)
{
	const char *path = argv[1] ? argv[1] : ".";
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	while ((e = readdir(d)))
		printf("%s\n", e->d_name);
	closedir(d);
}

static void do_cat(char **argv)
{
	char buf[4096];
	ssize_t n;
	int fd = argv[1] ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		printf("cat: %s\n", strerror(errno));
		return;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	close(fd);
}

static void do_services(char **argv)
{
	static char buf[8192];
	struct msg m = { .w = { N_SERVICES }, .r = { { 0, 0 }, { (uint64_t)buf, sizeof(buf) - 1 } } };
	int64_t n = sys_call(srv_start()->names, &m);

	(void)argv;
	if (n >= 0)
		fwrite(buf, 1, (size_t)n, stdout);
}

static void do_ps(char **argv)
{
	uint32_t pids[1024];
	struct msg m = { .w = { P_LIST }, .r = { { 0, 0 }, { (uint64_t)pids, sizeof(pids) } } };
	int64_t n = sys_call(srv_start()->procd, &m);

	(void)argv;
	for (int64_t i = 0; i < n; i++) {
		struct proc_info info;
		struct msg q = { .w = { P_INFO, pids[i] },
				 .r = { { 0, 0 }, { (uint64_t)&info, sizeof(info) } } };

		if (sys_call(srv_start()->procd, &q) >= 0)
			printf("%5u %5lu %s\n", pids[i], (unsigned long)q.w[1], info.name);
	}
}

static void power(uint64_t how)
{
	int64_t err = srv_send(srv_start()->names, N_POWER, NULL, how, H_NONE, NULL);

	if (err < 0)
		printf("%s\n", strerror((int)-err));
}

static void do_poweroff(char **argv)
{
	(void)argv;
	power(POWER_OFF);
}

static void do_reboot(char **argv)
{
	(void)argv;
	power(POWER_REBOOT);
}

static void do_help(char **argv);

static const struct { const char *name; void (*fn)(char **argv); } commands[] = {
	{ "help", do_help }, { "echo", do_echo }, { "ls", do_ls }, { "cat", do_cat },
	{ "ps", do_ps }, { "services", do_services }, { "poweroff", do_poweroff },
	{ "reboot", do_reboot },
};
#define NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void do_help(char **argv)
{
	(void)argv;
	for (unsigned i = 0; i < NCOMMANDS; i++)
		printf("%s ", commands[i].name);
	printf("exit, or the path of a program\n");
}

static void run(char **argv)
{
	pid_t pid;
	int status, err;

	for (unsigned i = 0; i < NCOMMANDS; i++) {
		if (!strcmp(commands[i].name, argv[0])) {
			commands[i].fn(argv);
			return;
		}
	}
	err = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (err) {
		printf("%s: %s\n", argv[0], strerror(err));
		return;
	}
	waitpid(pid, &status, 0);
	if (status)
		printf("%s: status %#x\n", argv[0], (unsigned)status);
}

int rescue(void)
{
	char line[512], *argv[32];

	for (;;) {
		int n = 0;

		printf("rescue# ");
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		for (char *p = strtok(line, " \t\n"); p && n < 31; p = strtok(NULL, " \t\n"))
			argv[n++] = p;
		argv[n] = NULL;
		if (n && !strcmp(argv[0], "exit"))
			return 0;
		if (n)
			run(argv);
	}
}
