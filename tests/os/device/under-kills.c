/* SPDX-License-Identifier: MIT */
/*
 * Each server and driver is killed while programs use them, one after the other, then several at random:
 * init starts it again, the programs' work goes on (a call may fail meanwhile), and what was synced is there.
 * Left out are those whose end is meant to end more: procd, the terminals' server and line.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../../os/lib/sys.h"
#include "../../../os/abi/file.h"
#include "../check.h"

#define SLOTS	8
#define SIZE	(48 * 1024)
#define WAIT	240		/* s for anything; the emulator may be slow */
#define RANDOM	12
#define MAXSERV	32

int __calx_names(void);

static struct shared {
	volatile int stop;
	volatile unsigned promised[SLOTS];	/* seed of what was synced; 0: nothing is promised */
	volatile unsigned long done[8];		/* rounds of each kind of work */
} *shared;

struct service { char name[64]; unsigned pid, restarts; int running; };

static unsigned char buf[SIZE];

static void pattern(unsigned seed)
{
	for (size_t i = 0; i < SIZE; i++)
		buf[i] = (unsigned char)((seed + i) * 2654435761u >> 24);
}

static void path_of(char *path, int slot)
{
	sprintf(path, "/root/kept.%d", slot);
}

static int write_synced(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600), ok;

	if (fd < 0)
		return 0;
	ok = write(fd, buf, SIZE) == SIZE && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

static int files(unsigned round)
{
	int slot = (int)(round % SLOTS);
	char path[32];

	path_of(path, slot);
	pattern(round + 1);
	shared->promised[slot] = 0;
	if (!write_synced(path))
		return 0;
	shared->promised[slot] = round + 1;
	return 1;
}

static int pass_byte(int from, int to)
{
	char c = 'a';
	struct timeval tv = { 5, 0 };

	setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return send(from, &c, 1, MSG_NOSIGNAL) == 1 && recv(to, &c, 1, 0) == 1;
}

/* Connects to itself; not for long, whoever is dead. */
static int connected(int family, struct sockaddr *a, socklen_t len)
{
	int l = socket(family, SOCK_STREAM, 0), c = socket(family, SOCK_STREAM, 0), s = -1, ok = 0;

	if (l >= 0 && c >= 0 && !bind(l, a, len) && !listen(l, 2) && !getsockname(l, a, &len) && !connect(c, a, len)) {
		s = accept(l, NULL, NULL);
		ok = s >= 0 && pass_byte(c, s);
	}
	close(l);
	close(c);
	if (s >= 0)
		close(s);
	return ok;
}

static int local(unsigned round)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path + 1, 30, "kills.%u", round);
	return connected(AF_UNIX, (struct sockaddr *)&a, 20);
}

static int tcp(unsigned round)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };

	(void)round;
	return connected(AF_INET, (struct sockaddr *)&a, sizeof(a));
}

static int proc(unsigned round)
{
	char text[64];
	int fd = open("/proc/meminfo", O_RDONLY), n;

	(void)round;
	if (fd < 0)
		return 0;
	n = (int)read(fd, text, sizeof(text));
	close(fd);
	return n > 0 && !strncmp(text, "MemTotal", 8);
}

static int queue(unsigned round)
{
	struct mq_attr a = { .mq_maxmsg = 4, .mq_msgsize = 16 };
	char name[32], text[16];
	mqd_t q;
	int ok;

	snprintf(name, sizeof(name), "/kills.%u", round);
	q = mq_open(name, O_RDWR | O_CREAT | O_NONBLOCK, 0600, &a);
	if (q == (mqd_t)-1)
		return 0;
	ok = !mq_send(q, "x", 1, 0) && mq_receive(q, text, sizeof(text), NULL) == 1;
	mq_close(q);
	mq_unlink(name);
	return ok;
}

static int memory_files(unsigned round)
{
	char path[32];

	sprintf(path, "/tmp/k.%u", round % 4);
	pattern(round);
	return write_synced(path);
}

static int (*const work[])(unsigned round) = { files, local, tcp, proc, queue, memory_files };
static const char *const work_names[] = { "files", "local sockets", "tcp", "/proc", "queues", "/tmp" };
#define NWORK	(sizeof(work) / sizeof(work[0]))

static pid_t pids[NWORK];

static void start_work(void)
{
	for (unsigned i = 0; i < NWORK; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (unsigned round = 0; !shared->stop; round++) {
			if (work[i](round))
				shared->done[i]++;
			usleep(1000);
		}
		_exit(0);
	}
}

static int list(struct service *s)
{
	static char text[8192];
	struct msg m = { .w = { N_SERVICES }, .r = { { 0, 0 }, { (uint64_t)text, sizeof(text) - 1 } } };
	int64_t n = sys_call(__calx_names(), &m);
	int count = 0;

	text[n > 0 ? n : 0] = '\0';
	for (char *line = strtok(text, "\n"); line && count < MAXSERV; line = strtok(NULL, "\n")) {
		char state[32];

		if (sscanf(line, "%63s %u %31s %u", s[count].name, &s[count].pid, state, &s[count].restarts) != 4)
			continue;
		s[count].running = !strcmp(state, "running");
		count++;
	}
	return count;
}

static int meant(const struct service *s)
{
	static const char *const not_these[] = { "procd", "ptyd", "serial", "rc", "pci", "test", "rescue" };

	for (unsigned i = 0; i < sizeof(not_these) / sizeof(not_these[0]); i++)
		if (!strcmp(s->name, not_these[i]))
			return 0;
	return strncmp(s->name, "getty", 5) != 0;
}

static int find(const char *name, struct service *out)
{
	static struct service all[MAXSERV];
	int n = list(all);

	for (int i = 0; i < n; i++)
		if (!strcmp(all[i].name, name)) {
			*out = all[i];
			return 1;
		}
	return 0;
}

static int waited(const char *why, const char *name, time_t since)
{
	if (time(NULL) - since < WAIT) {
		usleep(20000);
		return 1;
	}
	fprintf(stderr, "%s: %s\n", name, why);
	CHECK(!"in time");
	return 0;
}

static void comes_back(const struct service *was)
{
	struct service now;
	time_t begin = time(NULL);

	while (!(find(was->name, &now) && now.running && now.pid != was->pid && now.restarts > was->restarts))
		if (!waited("is not started again", was->name, begin))
			return;
}

/* Every kind of work is done some times more. */
static void work_goes_on(const char *after)
{
	for (unsigned i = 0; i < NWORK; i++) {
		unsigned long from = shared->done[i];
		time_t begin = time(NULL);

		while (shared->done[i] < from + 2)
			if (!waited(work_names[i], after, begin))
				return;
	}
}

static void one_by_one(void)
{
	static struct service all[MAXSERV];
	int n = list(all);

	CHECK(n > 5);
	work_goes_on("the start");
	for (int i = 0; i < n && !check_why; i++) {
		struct service s;

		if (!meant(&all[i]) || !find(all[i].name, &s) || !s.running)
			continue;
		CHECK(kill((pid_t)s.pid, SIGKILL) == 0);
		comes_back(&s);
		work_goes_on(s.name);
	}
}

static void several_at_random(void)
{
	static struct service all[MAXSERV];
	time_t begin = time(NULL);
	int n, down;

	srand((unsigned)begin);
	for (int k = 0; k < RANDOM; k++) {
		n = list(all);
		struct service *s = &all[rand() % n];

		if (s->running && meant(s))
			kill((pid_t)s->pid, SIGKILL);
		usleep((useconds_t)(rand() % 300000));
	}
	do {
		n = list(all);
		down = 0;
		for (int i = 0; i < n; i++)
			down += meant(&all[i]) && !all[i].running && all[i].restarts;
	} while (down && waited("not all come back", "random", begin));
	work_goes_on("random kills");
}

static void what_was_synced_is_there(void)
{
	unsigned char *is = malloc(SIZE);
	int promised = 0, status;

	shared->stop = 1;
	for (unsigned i = 0; i < NWORK; i++)
		waitpid(pids[i], &status, 0);
	for (int slot = 0; slot < SLOTS; slot++) {
		char path[32];
		int fd;

		path_of(path, slot);
		fd = open(path, O_RDONLY);
		if (shared->promised[slot]) {
			promised++;
			pattern(shared->promised[slot]);
			CHECK(fd >= 0 && read(fd, is, SIZE) == SIZE && !memcmp(is, buf, SIZE));
		}
		close(fd);
		unlink(path);
	}
	CHECK(promised >= SLOTS / 2);
	free(is);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = { T(one_by_one), T(several_at_random), T(what_was_synced_is_there), { NULL, NULL } };

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGPIPE, SIG_IGN);
	start_work();
	return run_tests(tests);
}
