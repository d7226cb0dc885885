/* SPDX-License-Identifier: MIT */
/* Messages: calls, answers, handles, cancelling, the death of either side, files of servers. */
#include "calx.h"

/* A server made by the test: its port and a file on it. */
static handle_t port, file;

static void serve_here(uint32_t plane)
{
	port = (handle_t)sc(port_create);
	CHECK(port >= H_HIGH);
	file = file_on(port, 77, plane, H_NONE, 0);
}

/* The child is the client and forgets the server's side. */
static long client(void)
{
	struct msg m;
	long pid = fork_();

	if (pid == 0) {
		/* The client's handle comes by a call, as from any server. */
		EQ(sc(call, file, msg(&m, 0, 0)), 0);
		CHECK(m.nh == 1);
		sc(handle_close, port);
		sc(handle_close, file);
		file = m.h[0];
		return 0;
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	uint64_t token = m.token;
	msg(&m, 0, 0);
	m.nh = 1;
	m.h[0] = file;
	EQ(sc(reply, token, &m), 0);
	return pid;
}

TEST(calls_echo)
{
	struct msg m;

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0) {
		for (uint64_t i = 0; i < 5000; i++) {
			msg(&m, i, i * 3);
			m.w[7] = ~i;
			EQ(sc(call, file, &m), i + 1);
			CHECK(m.w[1] == i * 3 && m.w[7] == ~i && m.nh == 0);
		}
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	for (int i = 0; m.kind == MSG_CALL; i++) {
		CHECK(m.id == 77 && m.pid == (uint32_t)pid && m.token && m.nh == 0);
		m.w[0]++;
		EQ(sc(reply_recv, port, m.token, &m), 0);
	}
	CHECK(m.kind == MSG_CLOSE && m.id == 77);
	EQ(wait_for(pid), 0);
	EQ(sc(recv, port, &m, now() + 10 * MS), -ETIMEDOUT);
	EQ(sc(reply, 12345, &m), -ESRCH);
	EQ(sc(call, port, &m), -EINVAL);
}

TEST(ranges_reach_the_client)
{
	static char text[10000];
	struct msg m;
	char buf[64];

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0) {
		memcpy(text + 4090, "across a page", 14);
		msg(&m, 1, 0);
		m.r[0] = (struct msg_range){ (uint64_t)text + 4090, 14 };
		m.r[1] = (struct msg_range){ (uint64_t)text + 8190, 5 };
		EQ(sc(call, file, &m), 7);
		CHECK(memcmp(text + 8190, "12345", 5) == 0 && text[8195] == 0);
		m.r[1] = (struct msg_range){ 0xffffffff80200000ul, 5 };
		EQ(sc(call, file, &m), 8);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	EQ(sc(msg_read, m.token, 0, 0, buf, 64), 14);
	CHECK(memcmp(buf, "across a page", 14) == 0);
	EQ(sc(msg_read, m.token, 0, 7, buf, 64), 7);
	EQ(sc(msg_read, m.token, 0, 14, buf, 64), 0);
	EQ(sc(msg_read, m.token, 1, 0, buf, 64), -EINVAL);
	EQ(sc(msg_read, m.token + 1, 0, 0, buf, 64), -ESRCH);
	EQ(sc(msg_read, m.token, 0, 0, 8, 64), -EFAULT);
	EQ(sc(msg_write, m.token, 1, 0, "123", 3), 3);
	EQ(sc(msg_write, m.token, 1, 3, "456789", 6), 2);
	EQ(sc(msg_write, m.token, 0, 0, "x", 1), -EINVAL);
	uint64_t old = m.token;
	m.w[0] = 7;
	EQ(sc(reply_recv, port, m.token, &m), 0);
	EQ(sc(msg_read, old, 0, 0, buf, 64), -ESRCH);
	EQ(sc(msg_write, m.token, 1, 0, "123", 3), -EFAULT);
	m.w[0] = 8;
	EQ(sc(reply, m.token, &m), 0);
	EQ(wait_for(pid), 0);
}

/* Range 0 is 14 bytes, then MSG_TEXT, then one more; each answer has 5 bytes for 3. */
static void send_short_texts(void)
{
	static char text[MSG_TEXT + 1], room[8];
	uint64_t len[] = { 14, MSG_TEXT, MSG_TEXT + 1 };
	struct msg m;

	for (int i = 0; i < MSG_TEXT; i++)
		text[i] = (char)(i + 1);
	for (int i = 0; i < 3; i++) {
		memset(room, 0, sizeof room);
		msg(&m, 1, 0);
		m.hflags = MSG_HAS_TEXT;
		m.r[0] = (struct msg_range){ (uint64_t)text, len[i] };
		m.r[1] = (struct msg_range){ (uint64_t)room, 3 };
		EQ(sc(call, file, &m), 7);
		CHECK(memcmp(room, "abc\0", 4) == 0);
	}
	msg(&m, 1, 0);
	m.r[1] = (struct msg_range){ 0xffffffff80200000ul, 3 };
	EQ(sc(call, file, &m), -EFAULT);
	quit(0);
}

TEST(short_data_comes_with_the_message)
{
	struct msg_text t;
	long with = RECV_TEXT | 0;

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0)
		send_short_texts();
	with |= port;
	memset(t.text, 0, sizeof t.text);
	EQ(sc(recv, with, &t, T_FOREVER), 0);
	CHECK(t.m.hflags & MSG_HAS_TEXT && t.m.r[0].len == 14 && t.text[0] == 1 && t.text[13] == 14 && t.text[14] == 0);
	for (int i = 0; i < 3; i++) {
		t.m.w[0] = 7;
		t.m.hflags = MSG_PUT;
		t.m.r[1] = (struct msg_range){ (uint64_t)"abcde", MSG_TEXT + 1 };
		EQ(sc(reply, t.m.token, &t.m), -EFAULT);
		t.m.r[1].len = 5;
		EQ(sc(reply_recv, i == 2 ? port : with, t.m.token, &t), 0);
		EQ(!!(t.m.hflags & MSG_HAS_TEXT), i == 0);
	}
	CHECK(t.text[13] == 14 && t.text[MSG_TEXT - 1] == (char)MSG_TEXT);
	t.m.w[0] = 7;
	t.m.hflags = MSG_PUT;
	t.m.r[1] = (struct msg_range){ (uint64_t)"abc", 3 };
	EQ(sc(reply, t.m.token, &t.m), 0);
	EQ(wait_for(pid), 0);
}

TEST(handles_travel)
{
	handle_t p[2];
	struct msg m;
	char c;

	serve_here(PLANE_NONE);
	long pid = client();
	if (pid == 0) {
		EQ(sc(pipe, p, 0), 0);
		msg(&m, 1, 0);
		m.nh = 1;
		m.h[0] = p[1];
		m.hflags = MSG_MOVE | H_PUT_LOW | H_CLOEXEC;
		EQ(sc(call, file, &m), 0);
		EQ(sc(handle_close, p[1]), 0);	/* the answer took its place */
		CHECK(m.nh == 1 && m.h[0] == p[1]);
		EQ(sc(read, p[0], &c, 1), 1);
		EQ(c, 'z');
		EQ(sc(read, p[0], &c, 1), 0);
		/* A handle that is not there: nothing is sent. */
		msg(&m, 1, 0);
		m.nh = 2;
		m.h[0] = p[0];
		m.h[1] = 999;
		EQ(sc(call, file, &m), -EBADF);
		m.nh = 5;
		EQ(sc(call, file, &m), -EINVAL);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.nh == 1 && m.h[0] >= H_HIGH);
	EQ(sc(write, m.h[0], "z", 1), 1);
	EQ(sc(handle_close, m.h[0]), 0);
	uint64_t token = m.token;
	handle_t other = file_on(port, 5, PLANE_NONE, H_NONE, 0);
	msg(&m, 0, 0);
	m.nh = 1;
	m.h[0] = other;
	m.hflags = MSG_MOVE;
	EQ(sc(reply, token, &m), 0);
	EQ(sc(handle_close, other), -EBADF);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.kind == MSG_CLOSE && m.id == 5);
	EQ(wait_for(pid), 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.kind == MSG_CLOSE && m.id == 77);
}

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

TEST(servers_supply_reads_and_writes)
{
	char buf[32];
	struct msg m;

	port = (handle_t)sc(port_create);
	file = file_on(port, 3, PLANE_NONE, H_NONE, FILE_SEEKABLE);
	long pid = client();
	if (pid == 0) {
		EQ(sc(read, file, buf, 10), 4);
		CHECK(memcmp(buf, "data", 4) == 0);
		EQ(sc(read, file, buf, 10), 0);
		EQ(sc(seek, file, 100, 0), 100);
		EQ(sc(write, file, "abc", 3), 3);
		EQ(sc(seek, file, 0, 1), 103);
		struct abi_iovec v = { (uint64_t)buf, 5 };
		EQ(sc(readv, file, &v, 1, 1000), -EIO);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.w[0] == F_READ && m.w[1] == 10 && m.w[2] == 0 && m.r[1].len == 10);
	EQ(sc(msg_write, m.token, 1, 0, "data", 4), 4);
	uint64_t t = m.token;
	EQ(sc(reply_recv, port, t, msg(&m, 4, 0)), 0);
	CHECK(m.w[0] == F_READ && m.w[2] == 4);
	t = m.token;
	EQ(sc(reply_recv, port, t, msg(&m, 0, 0)), 0);
	CHECK(m.w[0] == F_WRITE && m.w[1] == 3 && m.w[2] == 100);
	t = m.token;
	EQ(sc(msg_read, t, 0, 0, buf, 32), 3);
	EQ(sc(reply_recv, port, t, msg(&m, 3, 0)), 0);
	CHECK(m.w[0] == F_READ && m.w[2] == 1000);
	t = m.token;
	EQ(sc(reply, t, msg(&m, 50, 0)), 0);
	EQ(wait_for(pid), 0);
}

TEST(files_over_mem_need_no_server)
{
	char buf[16];
	struct msg m;

	port = (handle_t)sc(port_create);
	handle_t mem = (handle_t)sc(mem_create, 6, 0);
	EQ(sc(mem_write, mem, 0, "abcdef", 6), 6);
	file = file_on(port, 3, PLANE_MEM, mem, 0);
	long pid = client();
	if (pid == 0) {
		EQ(sc(read, file, buf, 4), 4);
		CHECK(memcmp(buf, "abcd", 4) == 0);
		EQ(sc(read, file, buf, 16), 2);
		EQ(sc(read, file, buf, 16), 0);
		EQ(sc(seek, file, -1, 2), 5);
		EQ(sc(write, file, "XYZ", 3), 3);
		EQ(sc(mem_size, mem, -1), 8);
		EQ(sc(file_flags, file, O_APPEND, O_APPEND), O_RDWR);
		EQ(sc(seek, file, 0, 0), 0);
		EQ(sc(write, file, "end", 3), 3);
		EQ(sc(seek, file, 0, 1), 11);
		EQ(sc(seek, file, -20, 1), -EINVAL);
		struct vm_map a = { .vm = H_NONE, .mem = file, .len = 4096, .prot = 1, .flags = 1 };
		char *at = (char *)sc(vm_map, &a);
		CHECK(memcmp(at, "abcdeXYZend", 11) == 0);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	EQ(m.kind, MSG_CLOSE);
}

TEST(readiness_is_pushed)
{
	struct msg m;

	serve_here(PLANE_NONE);
	handle_t own = file;
	long pid = client();
	if (pid == 0) {
		struct abi_pollfd f = { file, EV_IN | EV_OUT, 0 };
		EQ(sc(poll, &f, 1, 0, 0), 0);
		EQ(sc(file_ready, file, 0, EV_IN), -EACCES);
		EQ(sc(call, file, msg(&m, 1, 0)), 0);
		EQ(sc(poll, &f, 1, T_FOREVER, 0), 1);
		EQ(f.revents, EV_IN);
		quit(0);
	}
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	uint64_t token = m.token;
	EQ(sc(reply, token, msg(&m, 0, 0)), 0);
	msleep(10);
	EQ(sc(file_ready, own, 0, EV_IN), 0);
	EQ(wait_for(pid), 0);
}

/* Four client processes and two server threads at once. */
static void echo_server(void *arg)
{
	struct msg m;

	(void)arg;
	m.token = 0;
	for (;;) {
		long r = sc(reply_recv, port, m.token, &m);
		if (r < 0)
			return;
		if (m.kind != MSG_CALL)
			m.token = 0;
		m.w[0] += 1;
		m.nh = 0;
		m.hflags = 0;
	}
}

TEST(many_clients_and_server_threads)
{
	static struct join j;
	volatile uint32_t *go = shared(4096);
	long pid[4];
	struct msg m;

	serve_here(PLANE_NONE);
	for (int k = 0; k < 4; k++) {
		pid[k] = client();
		if (pid[k])
			continue;
		while (!*go)
			sc(futex_wait, go, 0, T_FOREVER, FUTEX_SHARED);
		for (uint64_t i = 0; i < 2000; i++) {
			msg(&m, i, (uint64_t)k);
			EQ(sc(call, file, &m), i + 1);
			EQ(m.w[1], k);
		}
		quit(0);
	}
	CHECK(thread(echo_server, 0, &j) > 0);
	*go = 1;
	sc(futex_wake, go, 4, FUTEX_SHARED);
	/* This thread serves too; the test ends when the clients have. */
	long end = now() + 30000 * MS;
	m.token = 0;
	for (int closed = 0; !closed && now() < end;) {
		if (m.token)
			sc(reply, m.token, &m);
		m.token = 0;
		if (sc(recv, port, &m, now() + 200 * MS) == -ETIMEDOUT) {
			m.token = 0;
			closed = 1;
			continue;
		}
		if (m.kind != MSG_CALL)
			m.token = 0;
		m.w[0] += 1;
		m.nh = 0;
		m.hflags = 0;
	}
	for (int k = 0; k < 4; k++)
		EQ(wait_for(pid[k]), 0);
}

static handle_t before;
static volatile uint32_t *ended;

/* Sends the port before this one into its queue and stays there. */
static void chain_call(void *arg)
{
	struct msg m;

	(void)arg;
	msg(&m, 1, 0);
	m.nh = before != H_NONE;
	m.h[0] = before;
	if (sc(call, file, &m) == -EDEADSERVER)
		__atomic_add_fetch(ended, 1, __ATOMIC_SEQ_CST);
	quit(0);
}

/* A port in a message in the queue of a port in a message ... all end when the last handle goes. */
TEST(chains_of_ports_end_without_recursion)
{
	static struct join j;

	ended = shared(4096);
	before = H_NONE;
	for (int i = 0; i < 60; i++) {
		serve_here(PLANE_NONE);
		if (fork_() == 0) {
			sc(handle_close, port);
			thread(chain_call, 0, &j);
			msleep(15);
			if (before != H_NONE)
				sc(handle_close, before);
			for (;;)
				sc(sleep, T_FOREVER);
		}
		msleep(20);
		sc(handle_close, file);
		if (before != H_NONE)
			sc(handle_close, before);
		before = port;
	}
	sc(handle_close, before);
	for (int i = 0; i < 1000 && *ended < 60; i++)
		msleep(20);
	EQ(*ended, 60);
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

TEST(idle_files_ask_nobody)
{
	char buf[6000];

	port = (handle_t)sc(port_create);
	handle_t zero = file_on(port, 1, PLANE_NONE, H_NONE, FILE_ZERO);
	handle_t null = file_on(port, 2, PLANE_NONE, H_NONE, FILE_NULL);
	memset(buf, 1, sizeof buf);
	EQ(sc(read, zero, buf, 5000), 5000);
	for (int i = 0; i < 5000; i++)
		CHECK(buf[i] == 0);
	EQ(buf[5000], 1);
	EQ(sc(read, zero, 8, 1), -EFAULT);
	EQ(sc(write, zero, buf, 77), 77);
	EQ(sc(read, null, buf, 5000), 0);
	EQ(sc(write, null, buf, 77), 77);
	EQ(sc(seek, null, 5, 0), 0);
	struct abi_pollfd f = { null, 0x40, 0 };
	EQ(sc(poll, &f, 1, 0, 0), 1);
	EQ(f.revents, 0x40);
	struct file_args a = { .rights = R_ALL, .plane = PLANE_NONE, .data = H_NONE, .flags = 6 };
	EQ(sc(file_create, port, &a), -EINVAL);
}
