/* SPDX-License-Identifier: MIT */
/* The memory of files in /tmp comes back when they are removed. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "../check.h"

#define NAME	"/tmp/memory-files"
#define SIZE	(64l << 20)
#define CHUNK	(1l << 20)

static char data[CHUNK] __attribute__((aligned(4096)));
static char server[300];

/* The statm of the process that is called name. */
static void find(const char *name)
{
	DIR *d = opendir("/proc");
	char path[300], comm[32];
	struct dirent *e;

	while (d && (e = readdir(d)) && !server[0]) {
		ssize_t n = -1;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/comm", e->d_name);
		fd = open(path, O_RDONLY);
		if (fd >= 0)
			n = read(fd, comm, sizeof(comm) - 1);
		close(fd);
		comm[n > 0 ? n : 0] = '\0';
		comm[strcspn(comm, "\n")] = '\0';
		if (n > 0 && strcmp(comm, name) == 0)
			snprintf(server, sizeof(server), "/proc/%s/statm", e->d_name);
	}
	if (d)
		closedir(d);
}

/* Bytes in memory of the server of /tmp; -1: not known. */
static long resident(void)
{
	FILE *f = fopen(server, "r");
	long n = -1;

	if (f && fscanf(f, "%*d %ld", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n < 0 ? -1 : n * 4096;
}

static void removed(void)
{
	long before, now;
	int fd;

	find("tmp");
	before = resident();
	CHECK(before > 0);
	fd = open(NAME, O_RDWR | O_CREAT | O_DIRECT, 0600);	/* not only in the page cache */
	CHECK(fd >= 0);
	memset(data, 'x', sizeof(data));
	for (long at = 0; at < SIZE; at += CHUNK)
		CHECK(write(fd, data, CHUNK) == CHUNK);
	CHECK(resident() - before >= SIZE);
	close(fd);
	CHECK(unlink(NAME) == 0);
	for (int i = 0; i < 600; i++, usleep(200000)) {
		now = resident();
		if (now - before < SIZE / 16)
			break;
	}
	CHECK(now - before < SIZE / 16);
}

int main(void)
{
	return run_tests((const struct test[]){ { "removed", removed }, { NULL, NULL } });
}
