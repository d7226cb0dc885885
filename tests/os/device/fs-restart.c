/* SPDX-License-Identifier: MIT */
/* The file server is killed again and again under load: programs go on, what was synced is there. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../../os/abi/file.h"
#include "../../../os/abi/msg.h"
#include "../../../os/lib/sys.h"
#include "../check.h"

#define DIR	"/root/fs-restart"
#define KILLS	6
#define BIG	(4u << 20)
#define WORKERS	5

int __calx_names(void);

static volatile sig_atomic_t over;
static atomic_int *ready;		/* workers whose files are on the disk: before that they may go with the server */

static void on_term(int signo)
{
	(void)signo;
	over = 1;
}

/* The pid of the file server that runs, 0: none does. */
static int server(void)
{
	static char text[8192];
	struct msg m = { .w = { N_SERVICES }, .r = { { 0, 0 }, { (uint64_t)text, sizeof(text) - 1 } } };
	int64_t n = sys_call(__calx_names(), &m);
	int pid = 0;
	char *p;

	text[n > 0 ? n : 0] = '\0';
	p = strstr(text, "\nfs ");
	return p && sscanf(p, "\nfs %d running", &pid) == 1 ? pid : 0;
}

static void say(const char *what, long value)
{
	dprintf(1, "# %s: %ld, errno %d\n", what, value, errno);
}

#define MUST(c) do { if (!(c)) { say(#c, __LINE__); return 1; } } while (0)

/* What fsync has promised: at its end the file says how far it came. */
static int synced_counter(void)
{
	int fd = open(DIR "/counter", O_RDWR | O_CREAT | O_TRUNC, 0644);
	long n = 0, back;

	MUST(fd >= 0 && fsync(fd) == 0);
	++*ready;
	for (; !over; n++) {
		MUST(pwrite(fd, &n, sizeof(n), 0) == sizeof(n));
		MUST(fsync(fd) == 0);
		MUST(pread(fd, &back, sizeof(back), 0) == sizeof(back) && back == n);
	}
	close(fd);
	fd = open(DIR "/counter", O_RDONLY);
	MUST(fd >= 0 && read(fd, &back, sizeof(back)) == sizeof(back) && back == n - 1);
	return n == 0;
}

/* Pages that are not in memory come when the server is back. */
static int mapped_pages(void)
{
	int fd = open(DIR "/big", O_RDWR);
	unsigned char *p = fd < 0 ? MAP_FAILED : mmap(NULL, BIG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	MUST(p != MAP_FAILED);
	for (unsigned i = 0; !over; i++) {
		unsigned at = i * 7919 % (BIG / 4096) * 4096;

		MUST(p[at] == (unsigned char)(at >> 12));
		p[at + 1]++;
		madvise(p + at, 4096, MADV_DONTNEED);
	}
	return 0;
}

/* Appending through one descriptor: nothing is lost for who is still there. */
static int appends(void)
{
	int fd = open(DIR "/log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644);
	struct stat st;
	long n = 0;

	MUST(fd >= 0 && fsync(fd) == 0);
	++*ready;
	for (; !over && n < 20000; n++) {
		MUST(write(fd, &n, sizeof(n)) == sizeof(n));
		MUST(fstat(fd, &st) == 0 && st.st_size == (off_t)((n + 1) * sizeof(n)));
	}
	for (long i = 0, v; i < n; i++)
		MUST(pread(fd, &v, sizeof(v), i * sizeof(v)) == sizeof(v) && v == i);
	return 0;
}

/* Names: a call that was under way may have been done twice or not at all, no more than that. */
static int names(void)
{
	while (!over) {
		int fd = open(DIR "/a", O_RDWR | O_CREAT, 0644);

		MUST(fd >= 0 || errno == EIO);
		close(fd);
		MUST(rename(DIR "/a", DIR "/b") == 0 || errno == ENOENT || errno == EIO);
		MUST(unlink(DIR "/b") == 0 || errno == ENOENT || errno == EIO);
	}
	return 0;
}

static int programs(void)
{
	while (!over) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0) {
			execl("/bin/true", "true", (char *)NULL);
			_exit(99);
		}
		MUST(pid > 0);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		MUST(status == 0);
	}
	return 0;
}

static int (*const worker[WORKERS])(void) = { synced_counter, mapped_pages, appends, names, programs };

static bool big_file(void)
{
	int fd = open(DIR "/big", O_RDWR | O_CREAT | O_TRUNC, 0644);
	unsigned char page[4096] = { 0 };

	for (unsigned i = 0; i < BIG / 4096; i++) {
		page[0] = (unsigned char)i;
		if (write(fd, page, sizeof(page)) != sizeof(page))
			return false;
	}
	return fsync(fd) == 0 && close(fd) == 0;
}

/* True when another server than `old` runs. */
static bool comes_back(int old)
{
	for (int i = 0; i < 3000; i++) {
		int now = server();

		if (now && now != old)
			return true;
		usleep(100000);
	}
	return false;
}

static void killed_under_load(void)
{
	pid_t pid[WORKERS];
	int status;

	ready = mmap(NULL, sizeof(*ready), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(ready != MAP_FAILED);
	mkdir(DIR, 0755);
	CHECK(big_file());
	sync();
	signal(SIGTERM, on_term);
	for (int i = 0; i < WORKERS; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			_exit(worker[i]());
	}
	for (int i = 0; i < 30000 && *ready != 2; i++)
		usleep(10000);
	for (int i = 0; i < KILLS; i++) {
		int old = server();

		usleep(200000 + rand() % 300000);
		CHECK(old && kill(old, SIGKILL) == 0);
		CHECK(comes_back(old));
	}
	usleep(300000);
	for (int i = 0; i < WORKERS; i++) {
		kill(pid[i], SIGTERM);
		CHECK(waitpid(pid[i], &status, 0) == pid[i]);
		if (status)
			dprintf(1, "# worker %d: status %x\n", i, status);
		CHECK(status == 0);
	}
	unlink(DIR "/big");
}

int main(void)
{
	static const struct test tests[] = { { "killed_under_load", killed_under_load }, { NULL, NULL } };

	return run_tests(tests);
}
