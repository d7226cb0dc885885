/* SPDX-License-Identifier: MIT */
/* /proc as programs read it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../check.h"

static char buf[8192];

static ssize_t slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	if (n >= 0)
		buf[n] = '\0';
	if (fd >= 0)
		close(fd);
	return n;
}

static void the_system_is_described(void)
{
	unsigned long kib = 0;

	CHECK(slurp("/proc/meminfo") > 0 && sscanf(buf, "MemTotal: %lu kB", &kib) == 1 && kib > 16384);
	CHECK(slurp("/proc/cpuinfo") > 0 && !strncmp(buf, "processor\t: 0", 13));
	CHECK(slurp("/proc/uptime") > 0 && atof(buf) > 0);
	CHECK(open("/proc/meminfo", O_RDWR) == -1 && errno == EACCES);
	CHECK(open("/proc/new", O_CREAT | O_RDWR, 0644) == -1);
}

static void processes_are_described(void)
{
	char path[PATH_MAX];
	int pid = 0, ppid = 0;
	ssize_t n = slurp("/proc/self/cmdline");

	CHECK(n > 0 && strstr(buf, "proc-files") && !buf[n - 1]);
	CHECK(slurp("/proc/self/stat") > 0 && sscanf(buf, "%d (%*[^)]) %*c %d", &pid, &ppid) == 2);
	CHECK(pid == getpid() && ppid == getppid());
	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	CHECK(n > 0);
	path[n > 0 ? n : 0] = '\0';
	CHECK(strstr(path, "/proc-files") && !access("/proc/self/exe", R_OK));
	CHECK(readlink("/proc/self", path, sizeof(path)) > 0 && atoi(path) == getpid());
	CHECK(slurp("/proc/1/comm") > 0 && !strcmp(buf, "init\n"));
	CHECK(slurp("/proc/4000000/stat") == -1 && errno == ENOENT);
}

static void processes_are_listed(void)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int self = 0, one = 0;

	CHECK(d);
	while (d && (e = readdir(d))) {
		self |= atoi(e->d_name) == getpid();
		one |= !strcmp(e->d_name, "1");
	}
	CHECK(self && one);
	closedir(d);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(the_system_is_described), T(processes_are_described), T(processes_are_listed), { NULL, NULL },
	};

	for (int i = 0; i < 200 && access("/proc/self/stat", R_OK); i++)	/* it may still be starting */
		usleep(100000);
	return run_tests(tests);
}
