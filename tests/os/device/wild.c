/* SPDX-License-Identifier: MIT */
/*
 * Random and changed messages, of a user without rights to every server and of root to every driver: none
 * may die of them. wild [SECONDS]: for how long in all (16).
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../../../os/abi/file.h"
#include "../../../os/abi/ipc.h"
#include "../../../os/abi/msg.h"
#include "../../../os/abi/proc.h"
#include "../../../os/lib/sys.h"
#include "../check.h"

static int seconds = 16;
#define SECONDS		(seconds / 2)	/* each storm */
#define NFIXED		15	/* handles of servers, then those that they give */
#define NHANDLES	32

int __calx_root(const char *prefix);
int __calx_names(void);
int __calx_procd(void);

static uint64_t seed = 88172645463325252ull;
static char buf[8192];

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Small numbers, borders, anything. */
static uint64_t word(void)
{
	static const uint64_t odd[] = { 0, 1, UINT64_MAX, INT64_MAX, 1ull << 63, 0xffffffff, 4096, 1ull << 40 };

	switch (rnd() % 4) {
	case 0:
		return odd[rnd() % 8];
	case 1:
		return rnd();
	default:
		return rnd() % 300;
	}
}

static const uint64_t bases[] = { 1, S_SOCKET, B_INFO, N_REGISTER, T_ATTACH, 0xb0, 0xc0, P_WAIT, Q_OPEN, V_GET, P_EXEC };
#define NBASES	(sizeof(bases) / sizeof(bases[0]))

/* Mostly operations that the server behind handle number `which` knows. */
static uint64_t operation(int which)
{
	static const uint8_t base[NFIXED] = { 3, 7, 0, 0, 0, 0, 1, 1, 1, 1, 1, 9, 8, 0, 10 };

	if (which >= NFIXED || rnd() % 4 == 0)
		return bases[rnd() % NBASES] + rnd() % 28;
	return (which == 4 && rnd() % 4 == 0 ? S_SOCKET : bases[base[which]]) + rnd() % 23;
}

static uint64_t (*choose)(int which) = operation;	/* of this storm */

/* A message that got an answer, a little different: it goes further than most. */
#define NKEPT	64
static struct msg kept[NKEPT];
static int kept_which[NKEPT];

static void keep(const struct msg *m, int which)
{
	unsigned i = rnd() % NKEPT;

	kept[i] = *m;
	kept_which[i] = which;
}

static int change(struct msg *m, unsigned *which)
{
	unsigned i = rnd() % NKEPT;

	if (!kept[i].w[0] || rnd() % 3)
		return 0;
	*m = kept[i];
	*which = (unsigned)kept_which[i];
	for (int n = 1 + (int)(rnd() % 2); n > 0; n--) {
		uint64_t *w = &m->w[1 + rnd() % (MSG_WORDS - 1)];

		switch (rnd() % 4) {
		case 0:
			*w = word();
			break;
		case 1:
			*w ^= 1ull << rnd() % 64;
			break;
		case 2:
			m->r[rnd() % 2].len = word();
			break;
		default:
			m->r[rnd() % 2].base = rnd() % 2 ? word() : (uint64_t)buf + rnd() % sizeof(buf);
		}
	}
	return 1;
}

static void fill(struct msg *m, int which)
{
	static const char *const texts[] = { "", "/", ".", "..", "tty", "ptmx", "pts/0", "shm/x", "null",
					     "resolv.conf", "config", "etc/passwd", "/dev", "fs", "procd", "self/exe", "1/stat" };
	const char *t = texts[rnd() % 17];

	memset(m, 0, sizeof(*m));
	m->w[0] = choose(which);
	for (int i = 1; i < MSG_WORDS; i++)
		m->w[i] = word();
	if (rnd() % 2) {
		memcpy(buf, t, strlen(t));
		m->r[0] = (struct msg_range){ (uint64_t)buf, strlen(t) };
	} else {
		for (size_t i = 0; i < 64; i++)
			buf[i] = (char)rnd();
		m->r[0] = (struct msg_range){ (uint64_t)buf, rnd() % 4096 };
	}
	m->r[1] = (struct msg_range){ (uint64_t)buf + 4096, rnd() % 4097 };
}

/* Held answers are ended by the alarm's signal. */
static void on_alarm(int signo)
{
	(void)signo;
}

/* h[NFIXED..NHANDLES) are what the servers gave: they are called too. */
static void storm(int *h, int sends_handles)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	time_t end = time(NULL) + SECONDS;
	long count, done = 0;
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGALRM);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigaction(SIGALRM, &sa, NULL);
	ualarm(3000, 3000);
	seed ^= (uint64_t)time(NULL);
	for (count = 0; time(NULL) < end; count++) {
		struct msg m, sent;
		unsigned which = rnd() % NHANDLES;

		if (!change(&m, &which))
			fill(&m, (int)which);
		if (h[which] < 0)
			continue;
		if (sends_handles && rnd() % 8 == 0) {
			m.nh = 1 + rnd() % 2;
			for (uint32_t i = 0; i < m.nh; i++)
				m.h[i] = h[rnd() % NHANDLES];
		}
		sent = m;
		/* Signals to itself end the storm; everything else is meant. */
		if (m.w[0] == P_KILL)
			m.w[2] = 0;
		if (sys_call(h[which], &m) < 0)
			continue;
		done++;
		sent.nh = 0;
		keep(&sent, (int)which);
		for (uint32_t i = 0; i < m.nh && i < MSG_HANDLES; i++) {
			which = NFIXED + rnd() % (NHANDLES - NFIXED);
			if (h[which] >= 0)
				sys_handle_close(h[which]);
			h[which] = m.h[i];
		}
	}
	fprintf(stderr, "%ld messages, %ld answered without an error\n", count, done);
	_exit(done > 100 ? 0 : 1);
}

static ssize_t services(char *to, size_t size)
{
	struct msg m = { .w = { N_SERVICES }, .r = { { 0, 0 }, { (uint64_t)to, size } } };

	memset(to, 0, size);
	return sys_call(__calx_names(), &m);
}

/*
 * Waits for the storm's end. What it called may be held where no signal reaches it: then SIGKILL
 * must end it, and is said; the test is about the servers.
 */
static pid_t end_of(pid_t pid, int *status)
{
	for (int i = 0; i < (SECONDS + 15) * 10; i++) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got)
			return got;
		usleep(100000);
	}
	fprintf(stderr, "a call did not end by its signal\n");
	kill(pid, SIGKILL);
	return waitpid(pid, status, 0);
}

static int exec_server(void)
{
	struct msg m = { .w = { N_LOOKUP }, .r = { { (uint64_t)"exec", 4 } } };

	return sys_call(__calx_names(), &m) < 0 || !m.nh ? -1 : m.h[0];
}

static void servers_survive_random_messages(void)
{
	static char before[4096], after[4096];
	int h[NHANDLES], status;
	pid_t pid;

	CHECK(services(before, sizeof(before)) > 0);
	h[0] = __calx_names();
	h[1] = __calx_procd();
	h[2] = __calx_root("/");
	h[3] = __calx_root("/dev");
	h[4] = __calx_root("/net");
	h[5] = open("/dev/ptmx", O_RDWR | O_NONBLOCK);
	h[6] = socket(AF_INET, SOCK_STREAM, 0);
	h[7] = socket(AF_INET, SOCK_DGRAM, 0);
	h[8] = __calx_root("/net/unix");
	h[9] = socket(AF_UNIX, SOCK_STREAM, 0);
	h[10] = socket(AF_UNIX, SOCK_DGRAM, 0);
	h[11] = __calx_root("/dev/mqueue");
	h[12] = mq_open("/wild", O_CREAT | O_RDWR | O_NONBLOCK, 0666, NULL);
	h[13] = __calx_root("/proc");
	h[14] = exec_server();
	for (int i = 0; i < NFIXED; i++)
		CHECK(h[i] >= 0);
	for (int i = NFIXED; i < NHANDLES; i++)
		h[i] = -1;
	pid = fork();
	if (!pid) {
		if (setsid() < 0 || setgid(1000) || setuid(1000))
			_exit(1);
		storm(h, 1);
	}
	CHECK(end_of(pid, &status) == pid);
	mq_unlink("/wild");
	CHECK(WIFSIGNALED(status) || !WEXITSTATUS(status));
	CHECK(services(after, sizeof(after)) > 0);
	if (strcmp(before, after))
		fprintf(stderr, "before:\n%safter:\n%s", before, after);
	CHECK(!strcmp(before, after));
}

/* All that drivers know, but what would change the disk or end the screen of this test's output. */
static uint64_t driver_operation(int which)
{
	static const uint64_t ops[] = { B_INFO, B_READ, B_FLUSH, 0xb0, 0xb1, 0xb8, 0xb9, 0xc0, 0xc1, F_STAT, F_OPEN, F_IOCTL, F_SEEK };
	uint64_t op = rnd() % 4 ? ops[rnd() % (sizeof(ops) / sizeof(ops[0]))] : rnd() % 300;

	(void)which;
	return op == B_WRITE ? B_READ : op;
}

/* The drivers' names, each ended by a zero byte: their files in h. */
static int drivers(int *h)
{
	static char list[4096];
	struct msg m = { .w = { N_LIST }, .r = { { 0, 0 }, { (uint64_t)list, sizeof(list) } } };
	int64_t n = sys_call(__calx_names(), &m);
	int count = 0;

	for (char *p = list; n > 0 && p < list + n && count < NFIXED; p += strlen(p) + 1) {
		struct msg d = { .w = { N_DEVICE } };

		if (strncmp(p, "dev:", 4))
			continue;
		d.r[0] = (struct msg_range){ (uint64_t)p + 4, strlen(p + 4) };
		if (sys_call(__calx_names(), &d) >= 0 && d.nh)
			h[count++] = d.h[0];
	}
	return count;
}

static void drivers_survive_random_messages(void)
{
	static char before[4096], after[4096];
	int h[NHANDLES], status;
	pid_t pid;

	for (int i = 0; i < NHANDLES; i++)
		h[i] = -1;
	CHECK(services(before, sizeof(before)) > 0);
	CHECK(drivers(h) >= 2);
	choose = driver_operation;
	memset(kept, 0, sizeof(kept));
	pid = fork();
	if (!pid) {
		setsid();
		storm(h, 0);
	}
	CHECK(end_of(pid, &status) == pid);
	CHECK(services(after, sizeof(after)) > 0);
	if (strcmp(before, after))
		fprintf(stderr, "before:\n%safter:\n%s", before, after);
	CHECK(!strcmp(before, after));
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		{ "servers_survive_random_messages", servers_survive_random_messages },
		{ "drivers_survive_random_messages", drivers_survive_random_messages }, { NULL, NULL },
	};

	if (argc > 1 && atoi(argv[1]) > 1)
		seconds = atoi(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
