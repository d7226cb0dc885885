/* SPDX-License-Identifier: MIT */
/* Counters, signal files, messages on pairs, remapping, limits, CPU time, robust locks. */
#include "abi/chan.h"
#include "calx.h"

#define ELOOP 40
#define ENOTSOCK 88
#define EFBIG 27
#define SIGXCPU 24
#define SIGXFSZ 25

TEST(counters_count_and_block)
{
	struct abi_pollfd p = { .events = EV_IN | EV_OUT };
	uint64_t v = 7;

	p.fd = (int)sc(counter_create, 0, O_NONBLOCK);
	CHECK(p.fd >= 0);
	EQ(sc(read, p.fd, &v, 8), -EAGAIN);
	EQ(sc(poll, &p, 1, 0, 0), 1);
	EQ(p.revents, EV_OUT);
	EQ(sc(write, p.fd, &v, 8), 8);
	EQ(sc(write, p.fd, &v, 8), 8);
	EQ(sc(poll, &p, 1, 0, 0), 1);
	EQ(p.revents, EV_IN | EV_OUT);
	EQ(sc(read, p.fd, &v, 4), -EINVAL);
	EQ(sc(read, p.fd, &v, 8), 8);
	EQ(v, 14);
	v = UINT64_MAX - 1;
	EQ(sc(write, p.fd, &v, 8), 8);
	v = 1;
	EQ(sc(write, p.fd, &v, 8), -EAGAIN);
	v = UINT64_MAX;
	EQ(sc(write, p.fd, &v, 8), -EINVAL);
	handle_t s = (handle_t)sc(counter_create, 2, O_NONBLOCK | COUNTER_SEMAPHORE);
	for (int i = 0; i < 2; i++) {
		EQ(sc(read, s, &v, 8), 8);
		EQ(v, 1);
	}
	EQ(sc(read, s, &v, 8), -EAGAIN);
}

TEST(a_counter_wakes_its_reader)
{
	handle_t h = (handle_t)sc(counter_create, 0, 0);
	uint64_t v = 5;
	long pid = fork_();

	if (pid == 0) {
		msleep(20);
		EQ(sc(write, h, &v, 8), 8);
		quit(0);
	}
	v = 0;
	EQ(sc(read, h, &v, 8), 8);
	EQ(v, 5);
	EQ(wait_for(pid), 0);
}

TEST(signal_files_take_pending_signals)
{
	struct { uint32_t signo; uint32_t rest[31]; } got[2];
	handle_t h = (handle_t)sc(sigfile, H_NONE, BIT(SIGUSR1), O_NONBLOCK);
	struct abi_pollfd p = { .fd = h, .events = EV_IN };
	uint64_t set = BIT(SIGUSR1) | BIT(SIGUSR2);

	set_mask(set);
	EQ(sc(read, h, got, sizeof got), -EAGAIN);
	sc(thread_signal, TP->tid, SIGUSR2, 0);
	EQ(sc(poll, &p, 1, 0, 0), 0);
	EQ(sc(sigfile, h, set, 0), h);
	EQ(sc(poll, &p, 1, 0, 0), 1);
	sc(thread_signal, TP->tid, SIGUSR1, 0);
	EQ(sc(read, h, got, sizeof got), 256);
	CHECK(got[0].signo == SIGUSR1 && got[1].signo == SIGUSR2);
	EQ(sc(sig_pending), 0);
	/* A poll that waits wakes up. */
	long me = page->pid, pid = fork_();
	if (pid == 0) {
		msleep(20);
		kill_(me, SIGUSR1);
		quit(0);
	}
	EQ(sc(poll, &p, 1, T_FOREVER, 0), 1);
	EQ(wait_for(pid), 0);
}

static long send(handle_t h, const void *d, size_t n, handle_t *hs, uint32_t nh)
{
	struct abi_iovec iov = { (uint64_t)d, n };
	struct chan_io io = { .iov = (uint64_t)&iov, .niov = 1, .handles = (uint64_t)hs, .nh = nh,
		.flags = CHAN_NOSIGNAL };

	return sc(chan_send, h, &io);
}

static long recv(handle_t h, void *d, size_t n, struct chan_io *io, handle_t *hs, uint32_t nh, uint32_t flags)
{
	struct abi_iovec iov = { (uint64_t)d, n };

	*io = (struct chan_io){ .iov = (uint64_t)&iov, .niov = 1, .handles = (uint64_t)hs, .nh = nh,
		.flags = flags | CHAN_DONTWAIT };
	return sc(chan_recv, h, io);
}

TEST(handles_travel_with_the_bytes_they_were_sent_with)
{
	handle_t p[2], q[2], got[4];
	struct chan_io io;
	char buf[16];

	EQ(sc(pair, p, 0), 0);
	EQ(sc(pipe, q, 0), 0);
	EQ(sc(write, q[1], "x", 1), 1);
	EQ(send(p[0], "ab", 2, 0, 0), 2);
	EQ(send(p[0], "cd", 2, q, 1), 2);
	EQ(send(p[0], "ef", 2, 0, 0), 2);
	EQ(recv(p[1], buf, 16, &io, got, 4, 0), 2);
	EQ(io.nh, 0);
	EQ(recv(p[1], buf, 1, &io, got, 4, CHAN_PEEK), 1);
	EQ(io.nh, 0);
	EQ(recv(p[1], buf, 16, &io, got, 4, CHAN_CLOEXEC), 4);
	EQ(io.nh, 1);
	EQ(io.pid, page->pid);
	EQ(memcmp(buf, "cdef", 4), 0);
	EQ(sc(handle_flags, got[0], 0, 0), H_CLOEXEC);
	EQ(sc(read, got[0], buf, 1), 1);
	EQ(buf[0], 'x');
	/* No room, and a plain read, close them. */
	EQ(send(p[0], "gh", 2, q, 2), 2);
	EQ(recv(p[1], buf, 16, &io, got, 1, 0), 2);
	EQ(io.nh, 1);
	EQ(io.out, CHAN_CTRUNC);
	EQ(sc(handle_close, q[1]), 0);
	EQ(sc(read, q[0], buf, 1), 0);
	EQ(send(p[0], "i", 1, q, 1), 1);
	EQ(sc(read, p[1], buf, 4), 1);
	EQ(send(q[0], "i", 1, 0, 0), -9);
	EQ(send(p[0], "i", 1, p, 1), -ELOOP);
}

TEST(records_keep_their_bounds)
{
	handle_t p[2];
	struct chan_io io;
	struct handle_info info;
	char buf[16];

	EQ(sc(pair, p, PAIR_RECORDS), 0);
	EQ(send(p[0], "hello", 5, 0, 0), 5);
	EQ(send(p[0], "", 0, 0, 0), 0);
	EQ(send(p[0], "yz", 2, 0, 0), 2);
	EQ(recv(p[1], buf, 2, &io, 0, 0, CHAN_PEEK | CHAN_TRUNC), 5);
	EQ(recv(p[1], buf, 2, &io, 0, 0, 0), 2);
	EQ(io.out, CHAN_TRUNC);
	EQ(recv(p[1], buf, 16, &io, 0, 0, 0), 0);
	EQ(recv(p[1], buf, 16, &io, 0, 0, 0), 2);
	EQ(recv(p[1], buf, 16, &io, 0, 0, 0), -EAGAIN);
	EQ(sc(handle_info, p[0], &info), 0);
	EQ(info.chan, CHAN_TWO_WAY | CHAN_RECORDS);
	EQ(info.peer_pid, page->pid);
}

TEST(senders_are_told_apart)
{
	handle_t p[2];
	struct chan_io io;
	char buf[16];

	EQ(sc(pair, p, 0), 0);
	EQ(sc(write, p[0], "a", 1), 1);
	long pid = fork_();
	if (pid == 0) {
		EQ(sc(write, p[0], "b", 1), 1);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	EQ(recv(p[1], buf, 16, &io, 0, 0, 0), 1);
	EQ(io.pid, page->pid);
	EQ(recv(p[1], buf, 16, &io, 0, 0, 0), 1);
	EQ(io.pid, pid);
}

static char *anon(size_t n)
{
	struct vm_map m = { .vm = H_NONE, .mem = H_NONE, .len = n, .prot = 3, .flags = 2 };

	return (char *)sc(vm_map, &m);
}

TEST(mappings_grow_and_move_with_their_pages)
{
	char *a = anon(8 * 4096), *b;
	uint8_t vec[9];

	for (int i = 0; i < 8; i++)
		a[i * 4096] = (char)i;
	EQ(sc(vm_unmap, H_NONE, a + 4 * 4096, 4 * 4096), 0);
	EQ(sc(vm_remap, a, 4 * 4096, 8 * 4096, 0, 0), (long)a);
	EQ(a[3 * 4096], 3);
	EQ(a[5 * 4096], 0);
	EQ(sc(vm_resident, a, 8 * 4096, vec), 0);
	CHECK(vec[3] == 1 && vec[7] == 0);
	/* Something behind it: must move. */
	struct vm_map wall = { .vm = H_NONE, .mem = H_NONE, .addr = (uint64_t)a + 8 * 4096, .len = 4096,
		.prot = 1, .flags = 0x100002 };
	sc(vm_map, &wall);
	EQ(sc(vm_remap, a, 8 * 4096, 600 * 4096, 0, 0), -ENOMEM);
	b = (char *)sc(vm_remap, a, 8 * 4096, 600 * 4096, 1, 0);
	CHECK(b != a && (long)b > 0);
	EQ(b[3 * 4096], 3);
	b[599 * 4096] = 1;
	EQ(sc(vm_resident, a, 8 * 4096, vec), -ENOMEM);
	/* To a fixed place, shorter. */
	EQ(sc(vm_remap, b, 600 * 4096, 2 * 4096, 3, (long)a), (long)a);
	EQ(a[4096], 1);
	EQ(sc(vm_remap, a, 4096, 8 * 4096, 1, 0) > 0, 1);
	EQ(sc(vm_remap, 4096 * 20, 4096, 8192, 1, 0), -EFAULT);
}

TEST(limits_are_kept_and_felt)
{
	uint64_t v[2] = { 5, 6 }, old[2];
	handle_t h[2];

	EQ(sc(proc_limit, H_NONE, 7, v, old), 0);
	EQ(old[0], 1024);
	while (sc(counter_create, 0, 0) >= 0)
		;
	EQ(sc(counter_create, 0, 0), -EMFILE);
	EQ(sc(handle_dup, 0, 10, 0), -EINVAL);
	EQ(sc(handle_dup2, 0, 10, 0), -EBADF);
	EQ(sc(pipe, h, 0), -EMFILE);
	long pid = fork_();
	if (pid == 0) {
		EQ(sc(proc_limit, H_NONE, 7, 0, old), 0);
		CHECK(old[0] == 5 && old[1] == 6);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	v[0] = 7;
	EQ(sc(proc_limit, H_NONE, 7, v, 0), -EINVAL);
	v[0] = v[1] = 64 << 20;
	EQ(sc(proc_limit, H_NONE, 9, v, 0), 0);
	EQ((long)anon(65 << 20), -ENOMEM);
	CHECK((long)anon(1 << 20) > 0);
}

static void spin(long ms)
{
	for (long end = now() + ms * MS; now() < end;)
		for (volatile int i = 0; i < 100000; i++)
			;
}

static volatile int fired, overruns;
static void on_timer(int s, struct abi_siginfo *si, struct abi_ucontext *uc)
{
	(void)s, (void)uc;
	fired++;
	overruns += si->u.timer.overrun;
}

TEST(cpu_time_is_counted_and_timed)
{
	struct proc_usage u, one;
	handle_t t = (handle_t)sc(timer_create, 0, TIMER_PROC_CPU, 0);

	on_signal(SIGUSR1, on_timer, 0, 0);
	EQ(sc(timer_signal, t, SIGUSR1, 3, 0, 9), 0);
	EQ(sc(proc_usage, H_NONE, 0, &u), 0);
	EQ(sc(timer_set, t, u.ns_user + u.ns_sys + 20 * MS, 0, 0), 0);
	msleep(60);
	EQ(fired, 0);
	spin(200);
	EQ(fired, 1);
	EQ(sc(proc_usage, H_NONE, 0, &u), 0);
	CHECK(u.ns_user + u.ns_sys > 20 * MS);
	CHECK(u.nvcsw >= 1 && u.minflt >= 1 && u.maxrss > 0);
	EQ(sc(proc_usage, H_NONE, TP->tid, &one), 0);
	CHECK(one.ns_user + one.ns_sys > 20 * MS);
	EQ(sc(proc_usage, H_NONE, 99999, &one), -ESRCH);
}

TEST(the_kernel_s_share_of_time_shows)
{
	struct proc_usage u;
	char *a = anon(1 << 20);

	for (int i = 0; i < 12; i++) {
		for (int k = 0; k < 256; k++)
			a[k * 4096] = 1;
		long pid = fork_();
		if (pid == 0)
			quit(0);
		wait_for(pid);
		for (int k = 0; k < 60; k++)
			sc(getrandom, a, 4096);
	}
	EQ(sc(proc_usage, H_NONE, 0, &u), 0);
	CHECK(u.ns_sys > u.ns_user);
}

TEST(a_timer_queues_one_signal_and_counts_the_rest)
{
	handle_t t = (handle_t)sc(timer_create, 0, 0, 0);

	on_signal(40, on_timer, 0, 0);
	set_mask(BIT(40));
	EQ(sc(timer_signal, t, 40, 3, TP->tid, 9), 0);
	EQ(sc(timer_set, t, now() + 5 * MS, 5 * MS, 0), 0);
	msleep(100);
	EQ(sc(timer_set, t, 0, 0, 0), 0);
	EQ(fired, 0);
	set_mask(0);
	EQ(fired, 1);
	CHECK(overruns >= 5);
	EQ(sc(timer_overrun, t), overruns);
}

TEST(cpu_limits_end_a_process)
{
	long pid = fork_();

	if (pid == 0) {
		uint64_t v[2] = { 0, 1 };
		on_signal(SIGXCPU, on_timer, 0, 0);
		EQ(sc(proc_limit, H_NONE, 0, v, 0), 0);
		while (!fired)
			spin(10);
		spin(5000);
		quit(0);
	}
	EQ(wait_for(pid), SIGKILL);
}

/* A robust lock: the word is at entry + off. */
struct lock { struct lock *next; uint32_t word; };
struct shared_locks { struct abi_robust head; struct lock a, b; volatile uint32_t ready; };

static void hold(struct shared_locks *s)
{
	s->a.word = page->pid | FUTEX_WAITERS;
	s->b.word = page->pid;
	s->a.next = (struct lock *)&s->head;
	s->head = (struct abi_robust){ (uint64_t)&s->a, offsetof(struct lock, word), (uint64_t)&s->b };
	EQ(sc(thread_robust, &s->head), 0);
	s->ready = 1;
}

TEST(locks_of_the_dead_are_marked)
{
	struct shared_locks *s = shared(4096);
	long pid = fork_();

	if (pid == 0) {
		hold(s);
		sc(sleep, T_FOREVER);
	}
	while (!s->ready)
		sc(yield);
	uint32_t seen = s->a.word;
	long killer = fork_();
	if (killer == 0) {
		msleep(20);
		kill_(pid, SIGKILL);
		quit(0);
	}
	/* Or he was killed before. */
	long r = sc(futex_wait, &s->a.word, seen, now() + 5000 * MS, FUTEX_SHARED);
	CHECK(r == 0 || r == -EAGAIN);
	EQ(s->a.word, FUTEX_WAITERS | FUTEX_OWNER_DIED);
	EQ(wait_for(pid), SIGKILL);
	EQ(s->b.word, FUTEX_OWNER_DIED);
	EQ(wait_for(killer), 0);
}
