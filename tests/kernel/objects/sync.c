/* SPDX-License-Identifier: MIT */
/* Threads and futexes. */
#include "calx.h"

static volatile uint32_t turn;

static void wait_turn(uint32_t mine)
{
	uint32_t v;

	while ((v = turn) != mine)
		sc(futex_wait, &turn, v, T_FOREVER, 0);
}

static void pong(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2000; i++) {
		wait_turn(1);
		turn = 0;
		sc(futex_wake, &turn, 1, 0);
	}
}

TEST(futexes_ping_pong_between_threads)
{
	static struct join j;

	CHECK(thread(pong, 0, &j) > 0);
	for (int i = 0; i < 2000; i++) {
		turn = 1;
		sc(futex_wake, &turn, 1, 0);
		wait_turn(0);
	}
	join(&j);
}

TEST(futexes_check_and_time_out)
{
	uint32_t word = 5;
	long t = now();

	EQ(sc(futex_wait, &word, 4, T_FOREVER, 0), -EAGAIN);
	EQ(sc(futex_wait, &word, 5, t + 10 * MS, 0), -ETIMEDOUT);
	CHECK(now() - t >= 10 * MS);
	EQ(sc(futex_wait, &word, 5, 0, 0), -ETIMEDOUT);
	EQ(sc(futex_wait, (char *)&word + 1, 5, 0, 0), -EINVAL);
	EQ(sc(futex_wait, 8, 5, 0, 0), -EFAULT);
	EQ(sc(futex_wake, &word, 1, 0), 0);
}

static volatile uint32_t a, b, woken;
static void sleeper(void *arg)
{
	(void)arg;
	while (!b)
		sc(futex_wait, &a, 0, T_FOREVER, 0);
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
}

TEST(futexes_requeue)
{
	static struct join j[4];

	for (int i = 0; i < 4; i++)
		CHECK(thread(sleeper, 0, &j[i]) > 0);
	long n = 0;
	while (n < 4) {
		msleep(5);
		n += sc(futex_requeue, &a, 0, &woken, 4, 0, 0);
	}
	EQ(sc(futex_requeue, &a, 1, &woken, 4, 1, 0), -EAGAIN);
	EQ(sc(futex_wake, &a, 4, 0), 0);
	b = 1;
	EQ(sc(futex_wake, &woken, 100, 0), 4);
	for (int i = 0; i < 4; i++)
		join(&j[i]);
	EQ(woken, 4);
}

TEST(shared_futexes_work_between_processes)
{
	volatile uint32_t *w = shared(4096);

	long pid = fork_();
	if (pid == 0) {
		while (!*w)
			sc(futex_wait, w, 0, T_FOREVER, FUTEX_SHARED);
		quit(7);
	}
	msleep(20);
	*w = 1;
	sc(futex_wake, w, 1, FUTEX_SHARED);
	EQ(wait_for(pid), 7 << 8);
	/* And one that is certainly asleep when it is woken. */
	pid = fork_();
	if (pid == 0) {
		long r = sc(futex_wait, w, 1, T_FOREVER, FUTEX_SHARED);
		quit(r == 0 ? 8 : 9);
	}
	while (sc(futex_wake, w, 1, FUTEX_SHARED) == 0)
		msleep(1);
	EQ(wait_for(pid), 8 << 8);
}

static volatile uint32_t total;
static void add(void *arg)
{
	(void)arg;
	__atomic_add_fetch(&total, 1, __ATOMIC_SEQ_CST);
}

TEST(threads_come_and_go)
{
	static struct join j[8];

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 8; i++)
			CHECK(thread(add, 0, &j[i]) > 0);
		for (int i = 0; i < 8; i++)
			join(&j[i]);
	}
	EQ(total, 160);
}

static void forever(void *arg)
{
	if (arg)
		for (;;)
			;
	for (;;)
		sc(sleep, T_FOREVER);
}

TEST(exit_ends_all_threads)
{
	static struct join j[4];
	long pid = fork_();

	if (pid == 0) {
		for (long i = 0; i < 4; i++)
			thread(forever, (void *)(i & 1), &j[i]);
		msleep(5);
		quit(3);
	}
	EQ(wait_for(pid), 3 << 8);
}

TEST(last_thread_ends_the_process)
{
	static struct join j;
	long pid = fork_();

	if (pid == 0) {
		thread(add, 0, &j);
		sc(thread_exit, 0);
	}
	EQ(wait_for(pid), 0);
}
