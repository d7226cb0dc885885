/* SPDX-License-Identifier: MIT */
/* Real-time policies: who runs first, who is woken first, who may ask for it. All on one CPU. */
#include "calls.h"

static volatile uint32_t gate, turn, done;
static volatile int order[8];

static void pin(void)
{
	uint64_t cpu0 = 1;

	expect(sys(SYS_thread_affinity, 0, &cpu0, 0), 0);
}

static long set(long tid, int policy, int prio)
{
	struct abi_sched s = { policy, prio, 0 };

	return sys(SYS_thread_sched, tid, &s, 0);
}

static void note(int who)
{
	order[turn++] = who;
}

static void finish(void)
{
	__atomic_add_fetch(&done, 1, __ATOMIC_SEQ_CST);
	sys(SYS_futex_wake, &done, 1, 0);
}

static void wait_done(uint32_t n)
{
	uint32_t v;

	while ((v = __atomic_load_n(&done, __ATOMIC_SEQ_CST)) != n)
		sys(SYS_futex_wait, &done, v, T_FOREVER, 0);
}

static void start(void)
{
	turn = done = gate = 0;
	pin();
	expect(set(0, POLICY_FIFO, 50), 0);
}

static void end(void)
{
	expect(set(0, POLICY_OTHER, 0), 0);
}

static void run_once(void *arg)
{
	note((int)(long)arg);
	finish();
}

/* Lower ones wait until the higher one rests; the highest of them is then the first. */
static void fifo_runs_in_order_of_priority(void)
{
	start();
	for (int i = 1; i <= 3; i++) {
		long t = thread(run_once, (void *)(long)i);

		expect(set(t, POLICY_FIFO, i * 10), 0);
	}
	for (long until = now() + 20000000; now() < until; )
		;
	expect(turn, 0);
	wait_done(3);
	expect(order[0], 3);
	expect(order[1], 2);
	expect(order[2], 1);
	end();
}

static void higher_one_preempts(void)
{
	long t;

	start();
	t = thread(run_once, (void *)1);
	expect(turn, 0);
	expect(set(t, POLICY_FIFO, 60), 0);
	expect(turn, 1);
	wait_done(1);
	end();
}

static void wait_at_gate(void *arg)
{
	int prio = (int)(long)arg;

	expect(set(0, POLICY_FIFO, prio), 0);
	expect(sys(SYS_futex_wait, &gate, 0, T_FOREVER, 0), 0);
	note(prio);
	finish();
}

static void futex_wakes_the_highest_first(void)
{
	static const int prio[] = { 10, 30, 20, 30 };

	start();
	for (int i = 0; i < 4; i++)
		thread(wait_at_gate, (void *)(long)prio[i]);
	sys(SYS_sleep, now() + 50000000);
	for (uint32_t i = 0; i < 4; i++) {
		expect(sys(SYS_futex_wake, &gate, 1, 0), 1);
		wait_done(i + 1);
	}
	expect(order[0], 30);
	expect(order[1], 30);
	expect(order[2], 20);
	expect(order[3], 10);
	end();
}

static volatile uint32_t spins[2];

static void spin(void *arg)
{
	while (!gate)
		spins[(long)arg]++;
	finish();
}

/* Two that never rest share the CPU under RR, and do not under FIFO. */
static void rr_takes_turns(void)
{
	start();
	spins[0] = spins[1] = 0;
	for (long i = 0; i < 2; i++)
		expect(set(thread(spin, (void *)i), POLICY_RR, 40), 0);
	sys(SYS_sleep, now() + 350000000);
	check(spins[0] > 0 && spins[1] > 0);
	gate = 1;
	wait_done(2);
	end();
}

static void fifo_keeps_the_cpu(void)
{
	start();
	spins[0] = spins[1] = 0;
	for (long i = 0; i < 2; i++)
		expect(set(thread(spin, (void *)i), POLICY_FIFO, 40), 0);
	sys(SYS_sleep, now() + 350000000);
	check((spins[0] == 0) != (spins[1] == 0));
	gate = 1;
	wait_done(2);
	end();
}

/* A server is not shut out for good by one that never rests. */
static void others_get_a_turn_each_second(void)
{
	long until;

	start();
	expect(set(thread(run_once, (void *)1), POLICY_OTHER, 0), 0);
	for (until = now() + 5000000000; !done && now() < until; )
		;
	expect(done, 1);
	end();
}

static void wrong_arguments_are_refused(void)
{
	struct abi_sched s = { 0, 0, 0 };

	expect(set(0, POLICY_FIFO, 0), -22);
	expect(set(0, POLICY_RR, 100), -22);
	expect(set(0, POLICY_OTHER, 1), -22);
	expect(set(0, 4, 0), -22);
	expect(set(100000, POLICY_OTHER, 0), -3);
	s.nice = 20;
	expect(sys(SYS_thread_sched, 0, &s, 0), -22);
	expect(sys(SYS_thread_sched, 0, 8, 0), -14);
	expect(sys(SYS_thread_sched, 0, 0, &s), 0);
	expect(s.policy, POLICY_OTHER);
	expect(s.nice, 0);
}

const struct test tests[] = {
	{ "fifo_runs_in_order_of_priority", fifo_runs_in_order_of_priority },
	{ "higher_one_preempts", higher_one_preempts },
	{ "futex_wakes_the_highest_first", futex_wakes_the_highest_first },
	{ "rr_takes_turns", rr_takes_turns },
	{ "fifo_keeps_the_cpu", fifo_keeps_the_cpu },
	{ "others_get_a_turn_each_second", others_get_a_turn_each_second },
	{ "wrong_arguments_are_refused", wrong_arguments_are_refused },
};
const int ntests = sizeof(tests) / sizeof(*tests);
