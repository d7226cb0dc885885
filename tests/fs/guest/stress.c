/* SPDX-License-Identifier: MIT */
/*
 * Files under load, from inside the system. The word in /mode says what to do:
 *	work N   four processes at once do N random operations each on a file of their own (write, read,
 *		 mapped write and read, truncate, fsync, reopen) and on names, and compare with memory;
 *		 then what must be found after a reboot is written down and synced
 *	verify   finds exactly that
 *	log      appends records, fsyncs each (or the whole file system), and says so on the console: for whoever cuts the power
 *	errors   the same on a disk that fails: says "failed" once a sync has failed
 *	restart SERVICE  the same 300 times, while the disk's driver or the file server is killed again and again, a
 *		 last time just before the system ends
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../os/lib/srv.h"

#define SIZE	(1 << 20)
#define CHECK(c)	do { if (!(c)) fail(__LINE__, #c); } while (0)

static uint64_t state;
static unsigned char want[SIZE], got[SIZE];

static _Noreturn void fail(int line, const char *what)
{
	printf("FAIL line %d: %s: %s\n", line, what, strerror(errno));
	exit(1);
}

static uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 20);
}

struct file {
	char path[64];
	int fd;
	size_t size;
};

static void op_write(struct file *f, size_t off, size_t n)
{
	for (size_t i = 0; i < n; i++)
		want[off + i] = (unsigned char)rnd();
	CHECK(pwrite(f->fd, want + off, n, (off_t)off) == (ssize_t)n);
	if (n && off + n > f->size)
		f->size = off + n;
}

static void op_read(struct file *f, size_t off, size_t n)
{
	ssize_t r = pread(f->fd, got, n, (off_t)off);

	if (off >= f->size)
		n = 0;
	else if (n > f->size - off)
		n = f->size - off;
	CHECK(r == (ssize_t)n);
	for (size_t i = 0; i < n; i++)
		if (got[i] != want[off + i]) {
			printf("%s: byte %zu of %zu is %d, not %d\n", f->path, off + i, f->size, got[i], want[off + i]);
			exit(1);
		}
}

static void op_map(struct file *f, size_t off, size_t n, int write)
{
	size_t base = off & ~(size_t)4095;
	unsigned char *m;

	if (off >= f->size)
		return;
	if (n > f->size - off)
		n = f->size - off;
	m = mmap(NULL, n + (off - base), write ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, f->fd, (off_t)base);
	if (!n)
		return;
	CHECK(m != MAP_FAILED);
	for (size_t i = 0; write && i < n; i++)
		m[off - base + i] = want[off + i] = (unsigned char)rnd();
	CHECK(!memcmp(m + (off - base), want + off, n));
	CHECK(!munmap(m, n + (off - base)));
}

static void op_truncate(struct file *f, size_t size)
{
	CHECK(!ftruncate(f->fd, (off_t)size));
	if (size < f->size)
		memset(want + size, 0, f->size - size);
	f->size = size;
}

static void reopen(struct file *f)
{
	CHECK(!close(f->fd));
	f->fd = open(f->path, O_RDWR);
	CHECK(f->fd >= 0);
}

static void step(struct file *f)
{
	size_t off = rnd() % SIZE, n = rnd() % 65536;
	struct stat st;

	if (n > SIZE - off)
		n = SIZE - off;
	switch (rnd() % 16) {
	case 0: case 1: case 2: case 3: case 4:
		op_write(f, off, n);
		break;
	case 5: case 6:
		op_map(f, off, n, 1);
		break;
	case 7: case 8:
		op_map(f, off, n, 0);
		break;
	case 9:
		op_truncate(f, rnd() % 4 ? off : 0);
		break;
	case 10:
		if (rnd() % 4 == 0)
			CHECK(!fsync(f->fd));
		break;
	case 11:
		reopen(f);
		break;
	default:
		op_read(f, off, n);
	}
	CHECK(!fstat(f->fd, &st) && (size_t)st.st_size == f->size);
}

/* Names come and go; each present one holds its number. */
static void names_step(const char *dir, unsigned char *there)
{
	unsigned k = rnd() % 100, j = rnd() % 100;
	char a[64], b[64], text[16] = "";
	int fd;

	sprintf(a, "%s/%u", dir, k);
	sprintf(b, "%s/%u", dir, j);
	switch (rnd() % 4) {
	case 0:
		fd = open(a, O_CREAT | O_EXCL | O_WRONLY, 0644);
		CHECK((fd >= 0) == !there[k]);
		if (fd >= 0) {
			CHECK(write(fd, &k, sizeof k) == sizeof k);
			close(fd);
			there[k] = 1 + k;
		}
		break;
	case 1:
		CHECK((unlink(a) == 0) == !!there[k]);
		there[k] = 0;
		break;
	case 2:
		CHECK((rename(a, b) == 0) == !!there[k]);
		if (there[k] && k != j) {
			there[j] = there[k];
			there[k] = 0;
		}
		break;
	default:
		fd = open(a, O_RDONLY);
		CHECK((fd >= 0) == !!there[k]);
		if (fd >= 0) {
			CHECK(read(fd, text, sizeof text) == 4 && text[0] == there[k] - 1);
			close(fd);
		}
	}
}

static uint64_t digest(const unsigned char *p, size_t n)
{
	uint64_t h = 1469598103934665603ull;

	while (n--)
		h = (h ^ *p++) * 1099511628211ull;
	return h;
}

static void child(int id, int ops)
{
	struct file f;
	unsigned char there[100] = { 0 };
	char dir[32], line[128];
	int fd;

	state = 88172645463325252ull + (uint64_t)id * 7919;
	sprintf(f.path, "/file%d", id);
	sprintf(dir, "/dir%d", id);
	CHECK(!mkdir(dir, 0755));
	f.fd = open(f.path, O_CREAT | O_RDWR | O_TRUNC, 0644);
	CHECK(f.fd >= 0);
	f.size = 0;
	for (int i = 0; i < ops; i++) {
		step(&f);
		names_step(dir, there);
	}
	op_read(&f, 0, SIZE);
	sprintf(line, "/expect%d", id);
	fd = open(line, O_CREAT | O_WRONLY, 0644);
	sprintf(line, "%zu %llu", f.size, (unsigned long long)digest(want, f.size));
	CHECK(write(fd, line, strlen(line)) == (ssize_t)strlen(line) && !fsync(fd) && !fsync(f.fd));
	exit(0);
}

static void work(int ops)
{
	int status;

	for (int i = 0; i < 4; i++)
		if (!fork())
			child(i, ops);
	for (int i = 0; i < 4; i++) {
		CHECK(wait(&status) > 0);
		if (status) {
			printf("FAIL a child ended with status %x\n", status);
			exit(1);
		}
	}
	sync();
}

static void verify(void)
{
	unsigned long long want_digest;
	size_t size;

	for (int i = 0; i < 4; i++) {
		char path[32], line[128] = "";
		int fd;

		sprintf(path, "/expect%d", i);
		fd = open(path, O_RDONLY);
		CHECK(fd >= 0 && read(fd, line, sizeof line) > 0);
		CHECK(sscanf(line, "%zu %llu", &size, &want_digest) == 2);
		close(fd);
		sprintf(path, "/file%d", i);
		fd = open(path, O_RDONLY);
		CHECK(fd >= 0 && read(fd, got, SIZE) == (ssize_t)size);
		CHECK(digest(got, size) == want_digest);
		close(fd);
	}
}

static unsigned *done;			/* records synced, shared with who kills */

static void log_records(unsigned count, int may_fail)
{
	int fd = open("/log", O_CREAT | O_WRONLY | O_APPEND, 0644);

	for (unsigned i = 0; i < count; i++) {
		char line[32];
		int n = sprintf(line, "record %08u\n", i);

		if (may_fail && (write(fd, line, (size_t)n) != n || fsync(fd))) {
			printf("failed: %s\n", strerror(errno));
			return;
		}
		CHECK(may_fail || write(fd, line, (size_t)n) == n);
		CHECK(may_fail || !(i % 3 ? fsync(fd) : syncfs(fd)));
		printf("synced %u\n", i);
		if (done)
			__atomic_store_n(done, i + 1, __ATOMIC_RELEASE);
	}
}

/* After 100 ms. A call is repeated three times after its server died with it: so long as no record comes, two more. */
static int kill_again(const char *service)
{
	static unsigned seen, since;
	unsigned now;

	usleep(100000);
	now = __atomic_load_n(done, __ATOMIC_ACQUIRE);
	since = now == seen ? since : 0;
	seen = now;
	if (since == 2)
		return 0;
	since++;
	CHECK(!srv_send(srv_start()->names, N_SERVICE, service, SERVICE_RESTART, H_NONE, NULL));
	return 1;
}

/*
 * A service dies under load: init starts it again; the file server repeats what a driver did not answer, and
 * programs wait for the file server. It knows a file again that has been synced once.
 */
static void restart(const char *service)
{
	int status = 0, kills = 0, fd = open("/log", O_CREAT | O_WRONLY, 0644);
	pid_t pid, ended = 0;

	done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(done != MAP_FAILED && fd >= 0 && !fsync(fd) && !close(fd));
	pid = fork();
	if (!pid) {
		log_records(300, 0);
		exit(0);
	}
	while (kills < 10 && !(ended = waitpid(pid, &status, WNOHANG)))
		kills += kill_again(service);
	if (!ended)
		ended = waitpid(pid, &status, 0);
	CHECK(ended == pid && !status && kills > 0);
	CHECK(!srv_send(srv_start()->names, N_SERVICE, service, SERVICE_RESTART, H_NONE, NULL));
}

int main(void)
{
	char mode[32] = "";
	int fd = open("/mode", O_RDONLY);

	setvbuf(stdout, NULL, _IOLBF, 0);
	CHECK(fd >= 0 && read(fd, mode, sizeof mode - 1) > 0);
	close(fd);
	if (!strncmp(mode, "work ", 5))
		work(atoi(mode + 5));
	else if (!strncmp(mode, "verify", 6))
		verify();
	else if (!strncmp(mode, "log", 3))
		log_records(100000, 0);
	else if (!strncmp(mode, "errors", 6))
		log_records(100000, 1);
	else if (!strncmp(mode, "restart ", 8))
		restart(strtok(mode + 8, "\n"));
	else
		return 2;
	puts("END");
	return 0;
}
