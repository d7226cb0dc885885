/* SPDX-License-Identifier: MIT */
/* Calls that end before their time: interrupted, killed, or left by a dead server. */
#include "serve.h"

static volatile int caught;
static void count(int s, struct abi_siginfo *i, struct abi_ucontext *u)
{
	(void)s, (void)i, (void)u;
	caught++;
}

/* The server holds the call till it is cancelled; then answers -EINTR. */
static void cancel_case(uint32_t flags, long first, uint32_t calls)
{
	struct msg m;

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0) {
		on_signal(SIGUSR1, count, flags, 0);
		EQ(sc(call, file, msg(&m, 5, 6)), first);
		CHECK(caught == 1);
		quit(0);
	}
	for (uint32_t i = 0; i < calls; i++) {
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		CHECK(m.kind == MSG_CALL && m.w[0] == 5 && m.w[1] == 6);
		uint64_t token = m.token;
		if (i == 0) {
			kill_(pid, SIGUSR1);
			EQ(sc(recv, port, &m, T_FOREVER), 0);
			CHECK(m.kind == MSG_CANCEL && m.token == token);
			EQ(sc(reply, token, msg(&m, (uint64_t)-EINTR, 0)), 0);
		} else {
			EQ(sc(reply, token, msg(&m, 9, 0)), 0);
		}
	}
	EQ(wait_for(pid), 0);
}

TEST(interrupted_calls_are_cancelled) { cancel_case(0, -EINTR, 1); }
TEST(interrupted_calls_restart) { cancel_case(SA_RESTART, 9, 2); }

TEST(queued_calls_end_at_once_when_interrupted)
{
	struct msg m;

	serve_here(PLANE_NONE);
	on_signal(SIGUSR1, count, 0, 0);
	long pid = client();
	if (pid == 0) {
		EQ(sc(call, file, msg(&m, 5, 6)), -EINTR);
		quit(0);
	}
	handle_t h = proc_of(pid);
	do
		msleep(5);
	while (sc(proc_signal, h, SIGUSR1, 0) == 0);
	EQ(wait_for(pid), 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	EQ(m.kind, MSG_CLOSE);
}

TEST(killed_clients_leave_no_token)
{
	struct msg m;

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0) {
		sc(call, file, msg(&m, 5, 6));
		quit(1);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	uint64_t token = m.token;
	kill_(pid, SIGKILL);
	EQ(wait_for(pid), SIGKILL);
	EQ(sc(reply, token, msg(&m, 0, 0)), -ESRCH);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.kind == MSG_CLOSE || m.kind == MSG_CANCEL);
}

/* fork: the child serves and the parent calls. */
TEST(dead_servers_answer)
{
	volatile int *got = shared(4096);
	struct msg m;
	handle_t p[2];

	serve_here(PLANE_NONE);
	EQ(sc(pipe, p, 0), 0);
	long pid = fork_();
	if (pid == 0) {
		/* Serve one call by handing out the client's handle, hold one, leave one in the queue. */
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		uint64_t token = m.token;
		msg(&m, 0, 0);
		m.nh = 1;
		m.h[0] = file;
		EQ(sc(reply, token, &m), 0);
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		*got = 1;
		msleep(50);
		quit(0);
	}
	EQ(sc(call, file, msg(&m, 0, 0)), 0);
	sc(handle_close, port);
	sc(handle_close, file);
	handle_t f = m.h[0];
	for (int i = 0; i < 2; i++) {
		if (fork_() == 0) {
			EQ(sc(call, f, msg(&m, 1, 0)), -EDEADSERVER);
			sc(write, p[1], "x", 1);
			quit(0);
		}
	}
	struct abi_pollfd pf = { f, EV_IN, 0 };
	EQ(sc(poll, &pf, 1, T_FOREVER, 0), 1);
	CHECK(pf.revents & EV_HUP);
	char c;
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(sc(call, f, msg(&m, 1, 0)), -EDEADSERVER);
	EQ(sc(read, f, &c, 1), -EDEADSERVER);
	EQ(wait_for(pid), 0);
}

/* Servers that hold tokens for a while, clients that are interrupted and killed all the time. */
static void storm_server(void *arg)
{
	uint64_t held[8] = { 0 }, w1[8];
	struct msg m;

	(void)arg;
	for (unsigned n = 0;; n++) {
		unsigned k = n % 8;
		if (held[k]) {
			sc(reply, held[k], msg(&m, w1[k] + 1, w1[k]));
			held[k] = 0;
		}
		if (sc(recv, port, &m, now() + 2 * MS) != 0 || m.kind == MSG_CLOSE)
			continue;
		if (m.kind == MSG_CANCEL) {
			uint64_t t = m.token;
			for (unsigned i = 0; i < 8; i++)
				if (held[i] == t)
					held[i] = 0;
			sc(reply, t, msg(&m, (uint64_t)-EINTR, 0));
		} else if (rnd() % 3) {
			uint64_t t = m.token, v = m.w[1];
			sc(reply, t, msg(&m, v + 1, v));
		} else if (!held[k]) {
			held[k] = m.token;
			w1[k] = m.w[1];
		}
	}
}

static void storm_client(handle_t f, uint64_t seed)
{
	struct msg m;

	on_signal(SIGUSR1, count, seed & 1 ? SA_RESTART : 0, 0);
	for (uint64_t i = seed << 32;; i++) {
		long r = sc(call, f, msg(&m, 3, i));
		if (r == -EDEADSERVER)
			quit(0);
		if (r == -EINTR)
			continue;
		if (r != (long)(i + 1) || m.w[1] != i)
			quit(1);
	}
}

static void storm_round(bool threads)
{
	static struct join j[2];
	struct msg m;

	serve_here(PLANE_NONE);
	long server = fork_();
	if (server == 0) {
		EQ(sc(recv, port, &m, T_FOREVER), 0);
		uint64_t t = m.token;
		msg(&m, 0, 0);
		m.nh = 1;
		m.h[0] = file;
		EQ(sc(reply, t, &m), 0);
		if (threads)
			thread(storm_server, 0, &j[0]);
		storm_server(0);
	}
	EQ(sc(call, file, msg(&m, 0, 0)), 0);
	sc(handle_close, port);
	sc(handle_close, file);
	long pid[4];
	handle_t h[4];
	for (int k = 0; k < 4; k++) {
		pid[k] = fork_();
		if (pid[k] == 0)
			storm_client(m.h[0], (uint64_t)k + 1);
		h[k] = proc_of(pid[k]);
	}
	for (int i = 0; i < 400; i++) {
		int k = (int)(rnd() % 4);
		if (rnd() % 8) {
			sc(proc_signal, h[k], SIGUSR1, 0);
		} else {
			sc(proc_signal, h[k], SIGKILL, 0);
			int s = wait_for(pid[k]);
			CHECK(s == SIGKILL || s == SIGUSR1);	/* before the handler was set */
			sc(handle_close, h[k]);
			pid[k] = fork_();
			if (pid[k] == 0)
				storm_client(m.h[0], (uint64_t)k + 1);
			h[k] = proc_of(pid[k]);
		}
		if (rnd() % 4 == 0)
			msleep(1);
	}
	kill_(server, SIGKILL);
	EQ(wait_for(server), SIGKILL);
	for (int k = 0; k < 4; k++) {
		int s = wait_for(pid[k]);
		CHECK(s == 0 || s == SIGUSR1);
		sc(handle_close, h[k]);
	}
}

TEST(storms_of_signals_and_kills_keep_calls_whole)
{
	for (int i = 0; i < 3; i++)
		storm_round(i & 1);
}
