/* SPDX-License-Identifier: MIT */
/* /proc as programs read it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
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

/* The text of this program, its stack and a shared mapping: each line as Linux's readers parse it. */
static void mappings_are_listed(void)
{
	unsigned long start, end, here = (unsigned long)mappings_are_listed, local = (unsigned long)&start;
	char prot[5];
	int text = 0, stack = 0, status;

	CHECK(slurp("/proc/self/maps") > 0);
	for (char *p = buf; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		if (sscanf(p, "%lx-%lx %4s", &start, &end, prot) != 3)
			continue;
		text |= here >= start && here < end && !strcmp(prot, "r-xp");
		stack |= local >= start && local < end && !strcmp(prot, "rw-p");
		CHECK(!strchr(prot, 'w') || !strchr(prot, 'x'));
	}
	CHECK(text && stack);
	if (!fork()) {
		if (setuid(1000) || open("/proc/1/maps", O_RDONLY) != -1 || errno != EACCES)
			_exit(1);
		_exit(slurp("/proc/self/maps") > 0 ? 0 : 2);
	}
	CHECK(wait(&status) > 0 && status == 0);
}

/* Two seconds of work are seen by the five second samples sooner or later. */
static void load_is_averaged(void)
{
	double load[3];
	pid_t pid = fork();

	if (!pid)
		for (;;)
			;
	for (int i = 0; i < 1200 && (getloadavg(load, 3) != 3 || load[0] <= 0.02); i++)
		usleep(100000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	CHECK(getloadavg(load, 3) == 3 && load[0] > 0.02 && load[0] < 100 && load[2] < load[0] + 1);
	CHECK(slurp("/proc/loadavg") > 0 && strtod(buf, NULL) > 0);
}

static void the_kernels_objects_are_counted(void)
{
	unsigned long procs = 0, handles = 0;

	CHECK(slurp("/proc/kernel") > 0);
	CHECK(strstr(buf, "procs ") && sscanf(strstr(buf, "procs "), "procs %lu", &procs) == 1 && procs > 5);
	CHECK(strstr(buf, "handles ") && sscanf(strstr(buf, "handles "), "handles %lu", &handles) == 1 && handles > 50);
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
		T(the_system_is_described), T(processes_are_described), T(processes_are_listed),
		T(mappings_are_listed), T(load_is_averaged), T(the_kernels_objects_are_counted), { NULL, NULL },
	};

	for (int i = 0; i < 1200 && access("/proc/self/stat", R_OK); i++)	/* it may still be starting */
		usleep(100000);
	return run_tests(tests);
}
