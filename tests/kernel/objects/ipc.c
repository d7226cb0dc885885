/* SPDX-License-Identifier: MIT */
/* Messages: calls, answers, handles; many clients, and ports in the queues of ports. */
#include "serve.h"

handle_t port, file;

void serve_here(uint32_t plane)
{
	port = (handle_t)sc(port_create);
	CHECK(port >= H_HIGH);
	file = file_on(port, 77, plane, H_NONE, 0);
}

long client(void)
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
