/* SPDX-License-Identifier: MIT */
/* Work on files, mappings and memory. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "stress.h"

#define CHUNK	8192u

static void name_of(char *buf, size_t n, unsigned worker, const char *what)
{
	snprintf(buf, n, "%s/stress.%u.%d.%s", worker & 1 ? "/tmp" : "/var/tmp", worker, (int)getpid(), what);
}

/* Not one file is left by a round that ends; those of killed processes are swept up at the end. */
int work_files(unsigned worker)
{
	char a[96], b[96], buf[CHUNK];
	uint32_t seed = rnd();
	unsigned chunks = 1 + rnd() % 16;
	struct stat st;
	int fd;

	name_of(a, sizeof(a), worker, "a");
	name_of(b, sizeof(b), worker, "b");
	fd = open(a, O_RDWR | O_CREAT | O_TRUNC, 0600);
	NEED(fd >= 0);
	NEED(unlink(b) == 0 || errno == ENOENT);
	for (unsigned i = 0; i < chunks; i++) {
		pattern(buf, sizeof(buf), seed, i * CHUNK);
		NEED(write(fd, buf, sizeof(buf)) == (ssize_t)sizeof(buf));
	}
	if (rnd() % 16 == 0)
		NEED(fsync(fd) == 0);
	NEED(rename(a, b) == 0);
	NEED(unlink(b) == 0);
	for (unsigned n = 0; n < chunks; n++) {
		unsigned i = rnd() % chunks;

		NEED(pread(fd, buf, sizeof(buf), (off_t)i * CHUNK) == (ssize_t)sizeof(buf));
		NEED(pattern_is(buf, sizeof(buf), seed, i * CHUNK));
	}
	NEED(ftruncate(fd, 100) == 0 && fstat(fd, &st) == 0 && st.st_size == 100);
	NEED(pread(fd, buf, sizeof(buf), 0) == 100 && pattern_is(buf, 100, seed, 0));
	close(fd);
	return 0;
}

/* What one process writes into a shared mapping another one reads, in the file and in the mapping. */
int work_map(unsigned worker)
{
	enum { N = 16 * 4096 };
	uint32_t seed = rnd();
	char name[96], buf[4096];
	uint8_t *p;
	pid_t pid;
	int fd;

	name_of(name, sizeof(name), worker, "m");
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	NEED(fd >= 0 && unlink(name) == 0 && ftruncate(fd, N) == 0);
	p = mmap(NULL, N, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	NEED(p != MAP_FAILED);
	pid = fork();
	NEED(pid >= 0);
	if (pid == 0) {
		pattern(p, N, seed, 0);
		_exit(msync(p, N, MS_SYNC) ? 1 : 0);
	}
	NEED(status_of(pid) == 0);
	NEED(pattern_is(p, N, seed, 0));
	NEED(pread(fd, buf, sizeof(buf), 3 * 4096) == (ssize_t)sizeof(buf) && pattern_is(buf, sizeof(buf), seed, 3 * 4096));
	p = mremap(p, N, 2 * N, MREMAP_MAYMOVE);
	NEED(p != MAP_FAILED && pattern_is(p, N, seed, 0));
	NEED(mprotect(p, 4096, PROT_READ) == 0 && munmap(p, 2 * N) == 0);
	close(fd);
	return 0;
}

int work_memory(unsigned worker)
{
	size_t n = (64 + rnd() % 256) * 4096ul;
	uint32_t seed = rnd();
	uint8_t *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)worker;
	NEED(p != MAP_FAILED);
	for (size_t i = 0; i < n; i += 4096)
		pattern(p + i, 64, seed, i);
	NEED(munmap(p + n / 2 / 4096 * 4096, 4096) == 0);
	NEED(madvise(p, 4096, MADV_DONTNEED) == 0 && p[5] == 0);
	for (size_t i = 4096; i < n; i += 4096)
		NEED(i == n / 2 / 4096 * 4096 || pattern_is(p + i, 64, seed, i));
	munmap(p, n);
	return 0;
}
