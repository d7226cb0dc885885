/* SPDX-License-Identifier: MIT */
/*
 * rc: what init leaves to a process of its own, because it may wait for the disk.
 *	rc boot			finishes a transaction of pkg, hands the definitions in
 *				/etc/init/?*.conf to init
 *	rc exec PATH ARGS	becomes a program of the disk
 *	rc sync			writes everything back
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>
#include "../../lib/srv.h"

#define DIR_PATH	"/etc/init"

static int is_conf(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' && !strcmp(e->d_name + n - 5, ".conf");
}

static void hand_over(const char *name)
{
	char path[512], text[1024];
	ssize_t n;
	int fd;
	int64_t err;

	snprintf(path, sizeof(path), DIR_PATH "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	if (fd >= 0)
		close(fd);
	if (n < 0 || n == (ssize_t)sizeof(text)) {
		srv_log("%s: %s", path, n < 0 ? strerror(errno) : "too long");
		return;
	}
	text[n] = '\0';
	err = srv_send(srv_start()->names, N_SERVICE, text, SERVICE_ADD, H_NONE, NULL);
	if (err < 0 && err != -EEXIST)
		srv_log("%s: refused: %s", path, strerror((int)-err));
}

/* A transaction of pkg that was cut off after its commit is finished before what it brings is used. */
static void finish_packages(void)
{
	char *argv[] = { "pkg", "--quiet", "recover", NULL };
	int status;
	pid_t pid;

	if (access("/var/lib/pkg/tx/journal", F_OK))
		return;
	srv_log("finishing what pkg has begun");
	if (posix_spawn(&pid, "/usr/bin/pkg", NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
}

/* Nobody is logged in yet; /run is on the disk. */
static void fresh_records(void)
{
	struct utmp u = { .ut_type = BOOT_TIME, .ut_user = "reboot", .ut_id = "~~", .ut_line = "~" };
	int fd = open("/run/utmp", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);

	if (fd >= 0)
		close(fd);
	if (symlink("../run", "/var/run") && errno != EEXIST && errno != ENOENT)
		srv_log("/var/run: %s", strerror(errno));
	gettimeofday(&u.ut_tv, NULL);
	pututline(&u);
	endutent();
	mkdir("/var/log", 0755);
	fd = open("/var/log/wtmp", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
	updwtmp("/var/log/wtmp", &u);
}

static int boot(void)
{
	struct dirent **list;
	int n;

	finish_packages();
	n = scandir(DIR_PATH, &list, is_conf, alphasort);
	fresh_records();
	for (int i = 0; i < n; i++)
		hand_over(list[i]->d_name);
	return 0;
}

/* The handle that init gave survives execv; its number goes by the environment. */
static void pass_on(const char *name)
{
	char var[64], value[16];
	handle_t h = srv_extra(name);

	if (h == H_NONE)
		return;
	snprintf(var, sizeof(var), SRV_EXTRA_ENV "%s", name);
	snprintf(value, sizeof(value), "%d", h);
	setenv(var, value, 1);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "boot"))
		return boot();
	if (argc == 2 && !strcmp(argv[1], "sync")) {
		sync();
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "exec")) {
		pass_on("dev");
		execv(argv[2], argv + 2);
		srv_log("%s: %s", argv[2], strerror(errno));
		/* init does not try again what cannot work (service.c there). */
		return errno == ENOENT || errno == ENOEXEC || errno == EACCES ? 127 : 1;
	}
	srv_die("usage: rc boot | rc exec PATH ARGS | rc sync");
}
