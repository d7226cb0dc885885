/* SPDX-License-Identifier: MIT */
/* Random messages of a user without rights to every server: none may die of them. */
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

#define SECONDS		8
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

static void fill(struct msg *m, int which)
{
	static const char *const texts[] = { "", "/", ".", "..", "tty", "ptmx", "pts/0", "shm/x", "null",
					     "resolv.conf", "config", "etc/passwd", "/dev", "fs", "procd", "self/exe", "1/stat" };
	const char *t = texts[rnd() % 17];

	memset(m, 0, sizeof(*m));
	m->w[0] = operation(which);
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
static void storm(int *h)
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
		struct msg m;
		unsigned which = rnd() % NHANDLES;

		if (h[which] < 0)
			continue;
		fill(&m, (int)which);
		/* Signals to itself end the storm; everything else is meant. */
		if (m.w[0] == P_KILL)
			m.w[2] = 0;
		if (sys_call(h[which], &m) < 0)
			continue;
		done++;
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
		storm(h);
	}
	CHECK(end_of(pid, &status) == pid);
	mq_unlink("/wild");
	CHECK(WIFSIGNALED(status) || !WEXITSTATUS(status));
	CHECK(services(after, sizeof(after)) > 0);
	if (strcmp(before, after))
		fprintf(stderr, "before:\n%safter:\n%s", before, after);
	CHECK(!strcmp(before, after));
}

int main(void)
{
	static const struct test tests[] = {
		{ "servers_survive_random_messages", servers_survive_random_messages }, { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run_tests(tests);
}
