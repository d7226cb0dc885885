/* SPDX-License-Identifier: MIT */
/* The init of a sandbox watches what its build takes: processes and disk. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../watch.h"

#define MAX_PROCESSES 4000
#define RESERVE (256ull << 20)		/* bytes of disk that are left to others */
#define EVERY 300			/* milliseconds between two looks */

static unsigned long long
setting(const char *name, unsigned long long otherwise)
{
	const char *s = getenv(name);

	return s && *s ? strtoull(s, NULL, 10) : otherwise;
}

static unsigned long long
count_processes(void)
{
	unsigned long long n = 0;
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d && (e = readdir(d)))
		n += isdigit((unsigned char)e->d_name[0]) != 0;
	if (d)
		closedir(d);
	return n;
}

static unsigned long long
free_bytes(const char *dir)
{
	struct statvfs st;

	return statvfs(dir, &st) < 0 ? ~0ull : (unsigned long long)st.f_bavail * st.f_frsize;
}

/* 1 and a message when it is too much. */
static int
takes_too_much(const char *dir, unsigned long long free_before)
{
	unsigned long long most = setting("COOK_MAX_PROCESSES", MAX_PROCESSES);
	unsigned long long disk = setting("COOK_MAX_DISK", 0) << 20, left = free_bytes(dir);

	if (count_processes() > most) {
		warn_("sandbox: more than %llu processes at once (COOK_MAX_PROCESSES): does the build "
			"fork without end?", most);
		return 1;
	}
	if (disk && left < free_before && free_before - left > disk) {
		warn_("sandbox: more than %llu MiB of disk are taken (COOK_MAX_DISK): does the build "
			"write without end?", disk >> 20);
		return 1;
	}
	if (left < RESERVE && left < free_before) {
		warn_("sandbox: the disk is full but for %llu MiB: the build is stopped before it takes "
			"the rest", left >> 20);
		return 1;
	}
	return 0;
}

/* All that ended; 1 when pid is among it. */
static int
reap(pid_t pid, int *code)
{
	pid_t dead;
	int status;

	while ((dead = waitpid(-1, &status, WNOHANG)) > 0) {
		if (dead != pid)
			continue;
		*code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		return 1;
	}
	return dead < 0 && errno == ECHILD;
}

int
watch_child(pid_t pid, const char *dir)
{
	unsigned long long before = free_bytes(dir);
	struct signalfd_siginfo si;
	struct pollfd fd = { .events = POLLIN };
	int code = 1;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	while (!reap(pid, &code)) {
		if (poll(&fd, 1, EVERY) == 0) {
			if (takes_too_much(dir, before))
				return 125;
		} else if (read(fd.fd, &si, sizeof(si)) < 0 && errno != EAGAIN) {
			poll(NULL, 0, EVERY);
		}
	}
	return code;
}

/* The number under a name in the two lines "KIND: name…" and "KIND: value…" of /proc/net/snmp. */
static unsigned long long
counter(const char *text, const char *kind, const char *name)
{
	const char *names = strstr(text, kind), *values;
	size_t n = strlen(name);

	values = names ? strstr(names + 1, kind) : NULL;
	while (names && values && *names != '\n' && *values != '\n') {
		if (strncmp(names, name, n) == 0 && (names[n] == ' ' || names[n] == '\n'))
			return strtoull(values, NULL, 10);
		names += strcspn(names, " \n");
		names += *names == ' ';
		values += strcspn(values, " \n");
		values += *values == ' ';
	}
	return 0;
}

/* The number after a name in the lines "NAME value" of /proc/net/snmp6. */
static unsigned long long
counter6(const char *text, const char *name)
{
	const char *s = strstr(text, name);

	return s ? strtoull(s + strlen(name), NULL, 10) : 0;
}

int
watch_network(void)
{
	char *text = read_file("/proc/net/snmp", NULL), *text6 = read_file("/proc/net/snmp6", NULL);
	int tried = (text && (counter(text, "Ip:", "OutNoRoutes") || counter(text, "Udp:", "NoPorts"))) ||
		(text6 && (counter6(text6, "\nIp6OutNoRoutes") || counter6(text6, "\nUdp6NoPorts")));

	if (tried)
		warn_("sandbox: the build opened a socket to reach the network, and there is none: "
			"what it needs belongs into 'source'");
	free(text);
	free(text6);
	return tried;
}
