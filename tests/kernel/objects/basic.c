/* SPDX-License-Identifier: MIT */
/* Handles, pipes, pairs, waiting. */
#include "calx.h"

TEST(handles_take_the_lowest_free_place)
{
	handle_t p[2], q[2];
	struct handle_info info;

	EQ(sc(pipe, p, 0), 0);
	CHECK(p[0] == 0 && p[1] == 1);
	EQ(sc(handle_dup, p[0], 5, H_CLOEXEC), 5);
	EQ(sc(handle_dup, p[0], 5, 0), 6);
	EQ(sc(handle_flags, 5, 0, 0), H_CLOEXEC);
	EQ(sc(handle_next, 2), 5);
	EQ(sc(handle_close, 0), 0);
	EQ(sc(handle_close, 0), -EBADF);
	EQ(sc(pipe, q, 0), 0);
	CHECK(q[0] == 0 && q[1] == 2);
	EQ(sc(handle_dup2, p[1], 300, 0), 300);
	EQ(sc(handle_dup2, 300, 300, 0), 300);
	EQ(sc(handle_info, 300, &info), 0);
	CHECK(info.kind == OBJ_FILE && info.plane == PLANE_CHAN);
	for (int i = 0; i < 400; i++)
		CHECK(sc(handle_dup, 300, 0, 0) >= 0);
	EQ(sc(handle_dup, 300, 0, 0), 3 + 400 + 3);
	CHECK(sc(handle_dup, 300, H_HIGH, 0) >= H_HIGH);
	EQ(sc(handle_dup, 999, 0, 0), -EBADF);
	EQ(sc(handle_dup, -1, 0, 0), -EBADF);
	EQ(sc(handle_dup, 300, -1, 0), -EINVAL);
}

TEST(handles_lose_rights_by_restriction)
{
	handle_t p[2];

	EQ(sc(pipe, p, 0), 0);
	long weak = sc(handle_restrict, p[1], R_DUP);
	CHECK(weak >= H_HIGH);
	EQ(sc(write, weak, "x", 1), -EACCES);
	EQ(sc(write, p[1], "x", 1), 1);
	long stuck = sc(handle_restrict, weak, 0);
	EQ(sc(handle_dup, stuck, 0, 0), -EACCES);
}

TEST(pipes_carry_bytes_and_end)
{
	static char buf[70000];
	handle_t p[2];

	EQ(sc(pipe, p, O_NONBLOCK), 0);
	EQ(sc(read, p[0], buf, 10), -EAGAIN);
	EQ(sc(write, p[1], "hello", 5), 5);
	EQ(sc(read, p[0], buf, 10), 5);
	CHECK(memcmp(buf, "hello", 5) == 0);
	for (int i = 0; i < 70000; i++)
		buf[i] = (char)(i * 7 + i / 256);
	EQ(sc(write, p[1], buf, 70000), 65536);
	EQ(sc(write, p[1], buf, 1), -EAGAIN);
	EQ(sc(read, p[0], buf, 4000), 4000);
	EQ(sc(write, p[1], buf, 4096), -EAGAIN);
	EQ(sc(write, p[1], buf, 5000), 4000);
	EQ(sc(read, p[0], buf, 70000), 65536);
	for (int i = 0; i < 65536 - 4000; i++)
		CHECK(buf[i] == (char)((i + 4000) * 7 + (i + 4000) / 256));
	EQ(sc(handle_close, p[1]), 0);
	EQ(sc(read, p[0], buf, 1), 0);
	EQ(sc(write, p[0], buf, 1), -EBADF);
	EQ(sc(read, p[0], 8, 1), 0);
}

TEST(writing_a_pipe_without_reader_kills)
{
	handle_t p[2];
	long pid = fork_();

	if (pid == 0) {
		EQ(sc(pipe, p, 0), 0);
		sc(handle_close, p[0]);
		sc(write, p[1], "x", 1);
		quit(9);
	}
	EQ(wait_for(pid), SIGPIPE);
	EQ(sc(pipe, p, 0), 0);
	page->act[SIGPIPE].handler = 1;
	sc(handle_close, p[0]);
	EQ(sc(write, p[1], "x", 1), -EPIPE);
}

TEST(bad_buffers_give_efault)
{
	handle_t p[2];

	EQ(sc(pipe, p, 0), 0);
	EQ(sc(write, p[1], 8, 1), -EFAULT);
	EQ(sc(write, p[1], "ab", 2), 2);
	EQ(sc(read, p[0], 0xffff800000000000ul, 1), -EFAULT);
	EQ(sc(pipe, 8, 0), -EFAULT);
	EQ(sc(handle_info, p[0], 0xffffffff80200000ul), -EFAULT);
}

TEST(pairs_go_both_ways_and_keep_records)
{
	handle_t p[2];
	char buf[16];

	EQ(sc(pair, p, O_NONBLOCK), 0);
	EQ(sc(write, p[0], "there", 5), 5);
	EQ(sc(write, p[1], "back", 4), 4);
	EQ(sc(read, p[0], buf, 16), 4);
	EQ(sc(read, p[1], buf, 16), 5);
	EQ(sc(shutdown, p[0], 1), 0);
	EQ(sc(read, p[1], buf, 16), 0);
	EQ(sc(write, p[1], "x", 1), 1);
	page->act[SIGPIPE].handler = 1;
	EQ(sc(write, p[0], "x", 1), -EPIPE);
	EQ(sc(pair, p, O_NONBLOCK | PAIR_RECORDS), 0);
	EQ(sc(write, p[0], "one", 3), 3);
	EQ(sc(write, p[0], "three", 5), 5);
	EQ(sc(read, p[1], buf, 16), 3);
	EQ(sc(read, p[1], buf, 2), 2);
	EQ(sc(read, p[1], buf, 16), -EAGAIN);
	EQ(sc(write, p[0], buf, 1 << 20), -EMSGSIZE);
}

TEST(small_writes_of_many_stay_whole)
{
	handle_t p[2];
	char buf[100];

	EQ(sc(pipe, p, 0), 0);
	for (int k = 0; k < 4; k++) {
		if (fork_() == 0) {
			memset(buf, 'a' + k, sizeof buf);
			for (int i = 0; i < 500; i++)
				EQ(sc(write, p[1], buf, sizeof buf), sizeof buf);
			quit(0);
		}
	}
	sc(handle_close, p[1]);
	long got = 0, n = 0, have;
	while ((have = sc(read, p[0], buf + n, (long)sizeof buf - n)) > 0) {
		got += have;
		n += have;
		if (n < (long)sizeof buf)
			continue;
		for (int i = 1; i < 100; i++)
			CHECK(buf[i] == buf[0]);
		n = 0;
	}
	EQ(got, 4 * 500 * 100);
}

TEST(readv_and_writev_gather)
{
	handle_t p[2];
	char a[3], b[4];
	struct abi_iovec w[3] = { { (uint64_t)"ab", 2 }, { 0, 0 }, { (uint64_t)"cde", 3 } };
	struct abi_iovec r[2] = { { (uint64_t)a, 3 }, { (uint64_t)b, 4 } };

	EQ(sc(pipe, p, 0), 0);
	EQ(sc(writev, p[1], w, 3, -1), 5);
	EQ(sc(readv, p[0], r, 2, -1), 5);
	CHECK(memcmp(a, "abc", 3) == 0 && memcmp(b, "de", 2) == 0);
	EQ(sc(writev, p[1], w, 3, 0), -ESPIPE);
	EQ(sc(writev, p[1], w, 2000, -1), -EINVAL);
}

TEST(poll_sees_what_is_ready)
{
	handle_t p[2];
	char c;

	EQ(sc(pipe, p, 0), 0);
	struct abi_pollfd f[3] = { { p[0], EV_IN, 0 }, { p[1], EV_OUT, 0 }, { 77, EV_IN, 0 } };
	EQ(sc(poll, f, 2, 0, 0), 1);
	CHECK(f[0].revents == 0 && f[1].revents == EV_OUT);
	EQ(sc(poll, f, 3, 0, 0), 2);
	CHECK(f[2].revents == EV_NVAL);
	long t = now();
	EQ(sc(poll, f, 1, t + 20 * MS, 0), 0);
	CHECK(now() - t >= 20 * MS);
	long pid = fork_();
	if (pid == 0) {
		msleep(20);
		sc(write, p[1], "x", 1);
		quit(0);
	}
	EQ(sc(poll, f, 1, T_FOREVER, 0), 1);
	CHECK(f[0].revents == EV_IN);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(wait_for(pid), 0);
	sc(handle_close, p[1]);
	EQ(sc(poll, f, 1, T_FOREVER, 0), 1);
	CHECK(f[0].revents == EV_HUP);
}

TEST(poll_of_many_wakes_for_one)
{
	static struct abi_pollfd f[100];
	handle_t p[2];

	for (int i = 0; i < 100; i++) {
		EQ(sc(pipe, p, 0), 0);
		f[i] = (struct abi_pollfd){ p[0], EV_IN, 0 };
	}
	long pid = fork_();
	if (pid == 0) {
		msleep(10);
		sc(write, p[1], "x", 1);
		quit(0);
	}
	EQ(sc(poll, f, 100, T_FOREVER, 0), 1);
	CHECK(f[99].revents == EV_IN);
	EQ(wait_for(pid), 0);
}

/* Descriptors here and there in the table, open and not. */
TEST(poll_tells_descriptors_apart)
{
	static const struct { int fd; unsigned events, want; } c[] = {
		{ 200, EV_OUT, EV_OUT }, { 64, EV_IN, EV_NVAL }, { -1, EV_IN, 0 }, { 201, EV_IN | EV_OUT, EV_OUT },
		{ 63, EV_OUT, EV_OUT }, { 127, EV_IN, EV_NVAL }, { 5000, EV_IN, EV_NVAL }, { 128, EV_IN, 0 },
		{ 0x7fffffff, EV_IN, EV_NVAL }, { 200, EV_IN, 0 },
	};
	enum { N = sizeof c / sizeof *c };
	struct abi_pollfd f[N];
	handle_t p[2];

	EQ(sc(pipe, p, 0), 0);
	EQ(sc(handle_dup2, p[1], 200, 0), 200);
	EQ(sc(handle_dup2, p[1], 201, 0), 201);
	EQ(sc(handle_dup2, p[1], 63, 0), 63);
	EQ(sc(handle_dup2, p[0], 128, 0), 128);
	for (int i = 0; i < N; i++)
		f[i] = (struct abi_pollfd){ c[i].fd, (int16_t)c[i].events, -1 };
	EQ(sc(poll, f, N, 0, 0), 7);
	for (int i = 0; i < N; i++)
		EQ((uint16_t)f[i].revents, c[i].want);
	EQ(sc(poll, f, 0, 0, 0), 0);
}

TEST(evq_reports_levels_edges_and_once)
{
	handle_t p[2];
	struct abi_event e[4];
	char c;

	EQ(sc(pipe, p, 0), 0);
	handle_t q = (handle_t)sc(evq_create, 0);
	CHECK(q >= H_HIGH);
	EQ(sc(bind, p[0], q, 42, EV_IN, 0), 0);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(write, p[1], "ab", 2), 2);
	for (int i = 0; i < 3; i++) {
		EQ(sc(evq_wait, q, e, 4, T_FOREVER, 0), 1);
		CHECK(e[0].key == 42 && e[0].events == EV_IN);
	}
	EQ(sc(bind, p[0], q, 43, EV_IN, BIND_EDGE), 1);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 1);
	EQ(e[0].key, 43);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(write, p[1], "c", 1), 1);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 1);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(bind, p[0], q, 44, EV_IN, BIND_ONESHOT), 1);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 1);
	EQ(sc(write, p[1], "d", 1), 1);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(sc(bind, p[0], q, 0, 0, 0), 0);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(bind, p[0], q, 45, EV_IN, 0), 0);
	sc(handle_close, p[0]);
	EQ(sc(evq_wait, q, e, 4, 0, 0), 0);
	EQ(sc(bind, q, q, 1, EV_IN, 0), -EPERM);
}

TEST(timers_expire_and_report_to_ports)
{
	handle_t t = (handle_t)sc(timer_create, 0), port = (handle_t)sc(port_create);
	int64_t start = now(), old[2];
	uint64_t times;
	struct msg m;

	EQ(sc(timer_set, t, start + 10 * MS, 5 * MS, 0), 0);
	EQ(sc(read, t, &times, sizeof times), 8);
	CHECK(times >= 1 && now() - start >= 10 * MS);
	EQ(sc(read, t, &times, 4), -EINVAL);
	EQ(sc(bind, t, port, 7, EV_IN, 0), 0);
	EQ(sc(recv, port, &m, T_FOREVER), 0);
	CHECK(m.kind == MSG_EVENT && m.id == 7 && m.w[0] == EV_IN);
	EQ(sc(timer_set, t, 0, 0, old), 0);
	CHECK(old[1] == 5 * MS);
	while (sc(recv, port, &m, now() + 5 * MS) == 0)
		;
	EQ(sc(recv, port, &m, now() + 10 * MS), -ETIMEDOUT);
}
