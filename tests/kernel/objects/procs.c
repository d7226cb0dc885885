/* SPDX-License-Identifier: MIT */
/* Processes: fork, creation, exec, exit, numbers, credentials, devices. */
#include "calx.h"

TEST(fork_copies_memory_and_handles)
{
	static volatile int x = 1;
	handle_t p[2];
	char c;

	EQ(sc(pipe, p, 0), 0);
	long pid = fork_();
	if (pid == 0) {
		x = 2;
		CHECK(page->pid != 1 && TP->tid == page->pid);
		sc(handle_close, p[0]);
		sc(write, p[1], "c", 1);
		quit(5);
	}
	sc(handle_close, p[1]);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(sc(read, p[0], &c, 1), 0);
	EQ(wait_for(pid), 5 << 8);
	EQ(x, 1);
}

TEST(forks_storm)
{
	struct sys_info before, after;

	for (int round = 0; round < 3; round++) {
		if (round == 1)
			EQ(sc(sysinfo, &before), 0);
		for (int i = 0; i < 30; i++) {
			long pid[4];
			for (int k = 0; k < 4; k++) {
				pid[k] = fork_();
				if (pid[k] == 0) {
					long g = fork_();
					if (g == 0)
						quit(1);
					quit(wait_for(g) == 1 << 8 ? 0 : 1);
				}
			}
			for (int k = 0; k < 4; k++)
				EQ(wait_for(pid[k]), 0);
		}
	}
	EQ(sc(sysinfo, &after), 0);
	CHECK(after.mem_free + (8 << 20) > before.mem_free);
}

/*
 * A program without relocations: writes a byte to pipe 1 of its table, exits with what its first
 * argument's proc page says of signal 10 being ignored.
 */
extern const char blob[], blob_end[];
__asm__(".section .rodata\nblob:\n"
	"movq %rdi,%rbx\n"
	"leaq 1f(%rip),%rsi\n"
	"movl $1,%edi\n"
	"movl $1,%edx\n"
	"movl 2f(%rip),%eax\n"
	"syscall\n"
	"movzbl 288(%rbx),%edi\n"
	"shll $8,%edi\n"
	"movl 3f(%rip),%eax\n"
	"syscall\n"
	"1: .ascii \"B\"\n"
	"2: .long blob_write\n"
	"3: .long blob_exit\n"
	"blob_end:\n.text\n");
__asm__(".set blob_write, 7\n.set blob_exit, 58\n");

#define AT 0x10000000ul

static handle_t blob_vm(void)
{
	_Static_assert(SYS_write == 7 && SYS_proc_exit == 58, "numbers in the blob");
	_Static_assert(offsetof(struct proc_page, act) + 10 * sizeof(struct abi_sigact) == 288, "act");
	handle_t vm = (handle_t)sc(vm_create);
	struct vm_map a = { .vm = vm, .mem = H_NONE, .addr = AT, .len = 4096, .prot = 3, .flags = 0x12 };
	EQ(sc(vm_map, &a), AT);
	EQ(sc(vm_write, vm, AT, blob, blob_end - blob), 0);
	EQ(sc(vm_protect, vm, AT, 4096, 5), 0);
	a.addr = AT + 0x10000;
	EQ(sc(vm_map, &a), AT + 0x10000);
	return vm;
}

TEST(processes_are_made_in_a_prepared_space)
{
	handle_t p[2];
	char c = 0;

	EQ(sc(pipe, p, 0), 0);
	handle_t vm = blob_vm();
	struct proc_handle h = { p[1], 1, 0, 0 };
	struct proc_args a = { .vm = vm, .nhandles = 1, .handles = (uint64_t)&h, .entry = AT,
	    .sp = AT + 0x11000, .sig_ignored = BIT(10), .name = "blob" };
	long pid = sc(proc_create, &a);
	CHECK(pid > 0);
	EQ(sc(proc_create, &a), -EBUSY);
	sc(handle_close, p[1]);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(c, 'B');
	EQ(wait_for(pid), 1 << 8);
	EQ(sc(read, p[0], &c, 1), 0);
	h.from = 999;
	a.vm = blob_vm();
	EQ(sc(proc_create, &a), -EBADF);
	a.handles = 8;
	a.vm = blob_vm();
	EQ(sc(proc_create, &a), -EFAULT);
}

static volatile int stop_it;
static void spin(void *arg)
{
	(void)arg;
	while (!stop_it)
		;
}

static void doze(void *arg)
{
	(void)arg;
	for (;;)
		sc(sleep, T_FOREVER);
}

static handle_t exec_vm;
static void do_exec(void *arg)
{
	(void)arg;
	sc(proc_exec, exec_vm, AT, AT + 0x11000);
	quit(99);
}

static void exec_case(bool threads, bool from_other)
{
	static struct join j[4];
	handle_t p[2];
	char c;

	EQ(sc(pipe, p, 0), 0);
	long pid = fork_();
	if (pid == 0) {
		page->act[10].handler = 1;
		page->act[12].handler = 4096;
		EQ(sc(handle_dup2, p[1], 1, 0), 1);
		EQ(sc(handle_dup, p[1], 5, H_CLOEXEC), 5);
		sc(handle_close, p[0]);
		if (threads) {
			thread(spin, 0, &j[0]);
			thread(doze, 0, &j[1]);
			msleep(2);
		}
		exec_vm = blob_vm();
		if (from_other) {
			thread(do_exec, 0, &j[2]);
			doze(0);
		}
		do_exec(0);
	}
	sc(handle_close, p[1]);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(wait_for(pid), 1 << 8);
	EQ(sc(read, p[0], &c, 1), 0);
}

TEST(exec_keeps_number_and_ignored_signals) { exec_case(false, false); }
TEST(exec_ends_other_threads) { exec_case(true, false); }
TEST(exec_by_another_thread) { exec_case(true, true); }

/* A child with threads and a high handle calls: its token, and its number. */
static long exec_client(handle_t port, handle_t file, struct msg *m)
{
	static struct join j[2];
	long pid = fork_();

	if (pid == 0) {
		struct msg ask;

		page->act[10].handler = 1;
		thread(spin, 0, &j[0]);
		thread(doze, 0, &j[1]);
		sc(call, file, msg(&ask, 1, 2));
		quit(99);
	}
	EQ(sc(recv, port, m, now() + 10000 * MS), 0);
	return pid;
}

TEST(a_server_executes_a_program_in_its_client)
{
	handle_t p[2], port = (handle_t)sc(port_create, 0), file = file_on(port, 3, PLANE_NONE, H_NONE, 0);
	struct proc_info info;
	struct msg m;
	char c = 0;

	EQ(sc(pipe, p, 0), 0);
	long pid = exec_client(port, file, &m);
	struct proc_handle h = { p[1], 1, 0, 0 };
	struct exec_args a = { .vm = blob_vm(), .nhandles = 1, .handles = (uint64_t)&h, .entry = AT,
	    .sp = AT + 0x11000, .cred = CRED(7, 8), .flags = EXEC_SECURE, .name = "blob" };
	handle_t proc = proc_of(pid);
	EQ(sc(reply_exec, m.token + 1, &a), -ESRCH);
	a.vm = blob_vm();
	EQ(sc(reply_exec, m.token, &a), 0);
	sc(handle_close, p[1]);
	EQ(sc(read, p[0], &c, 1), 1);
	EQ(c, 'B');
	EQ(sc(proc_info, proc, &info), 0);
	EQ(info.cred, CRED(7, 8));
	EQ(wait_for(pid), 1 << 8);
	sc(handle_close, proc);
	sc(handle_close, p[0]);
	sc(handle_close, file);
	sc(handle_close, port);
}

TEST(a_program_for_a_client_that_is_gone_is_dropped)
{
	handle_t port = (handle_t)sc(port_create, 0), file = file_on(port, 3, PLANE_NONE, H_NONE, 0);
	struct msg m;
	long pid = exec_client(port, file, &m);
	struct exec_args a = { .vm = blob_vm(), .entry = AT, .sp = AT + 0x11000 };

	kill_(pid, 9);
	EQ(wait_for(pid), 9);
	EQ(sc(reply_exec, m.token, &a), -ESRCH);
	a.nhandles = 65;
	EQ(sc(reply_exec, m.token, &a), -EINVAL);
	EQ(sc(reply_exec, m.token, 8), -EFAULT);
	sc(handle_close, file);
	sc(handle_close, port);
}

TEST(two_threads_exec_at_once)
{
	for (int i = 0; i < 10; i++) {
		static struct join j[2];
		long pid = fork_();
		if (pid == 0) {
			exec_vm = blob_vm();
			sc(handle_close, 1);
			thread(do_exec, 0, &j[0]);
			do_exec(0);
		}
		CHECK(wait_for(pid) >= 0);
	}
}

TEST(numbers_are_reused_late)
{
	long last = 0;

	for (int i = 0; i < 50; i++) {
		long pid = fork_();
		if (pid == 0)
			quit(0);
		CHECK(pid > last);
		last = pid;
		wait_for(pid);
	}
}

__attribute__((naked)) static void end_thread(void)
{
	__asm__("movl %0,%%eax\n\tsyscall\n\tud2" : : "i"(SYS_thread_exit));
}

/* Uses up numbers until the next one is that after `last` in the next round of n. */
static void use_up(long last, long n)
{
	static volatile uint32_t tid;
	static char stack[256] __attribute__((aligned(16)));
	struct thread_args t = { .entry = (uint64_t)end_thread, .sp = (uint64_t)(stack + sizeof stack),
	    .arg = (uint64_t)&tid, .sigmask = ~0ull, .tid_addr = (uint64_t)&tid };

	for (long got = last + 1; got % n != last % n;) {
		got = sc(thread_create, &t);
		CHECK(got > 0);
		while (tid != 0)
			sc(futex_wait, &tid, got, T_FOREVER, 0);
	}
}

/* Of the machinery of these tests: a table of ends that is too small would tell of another one. */
TEST(an_end_is_known_however_many_came_later)
{
	long first = fork_(), second;

	if (first == 0)
		quit(7);
	while (!has_ended(first))
		msleep(1);
	use_up(first - 1, 4096);
	second = fork_();
	if (second == 0)
		quit(8);
	EQ(second % 4096, first % 4096);
	EQ(wait_for(second), 8 << 8);
	EQ(wait_for(first), 7 << 8);
}

TEST(credentials_are_the_supervisors)
{
	struct proc_info info;

	EQ(sc(proc_cred, H_NONE, 5), -EBADF);
	handle_t h = proc_of(page->pid);
	EQ(sc(proc_cred, h, CRED(7, 8)), 0);
	EQ(sc(proc_info, H_NONE, &info), 0);
	EQ(info.cred, CRED(7, 8));
	long weak = sc(handle_restrict, h, R_READ);
	EQ(sc(proc_cred, weak, 0), -EACCES);
	EQ(sc(proc_signal, weak, 0, 0), -EACCES);
	EQ(sc(proc_signal, h, 0, 0), 0);
	EQ(sc(proc_supervise, sc(port_create)), -EPERM);
}

TEST(device_handles_are_bounded)
{
	/* The tests' processes are forks of the first one and so hold its device handle. */
	struct dev_range r[2] = { { DEV_R_IO, 0, 0x70, 0x71 }, { DEV_R_MEM, 0, 0xfd000000, 0xfd000fff } };
	long d = sc(dev_restrict, H_HIGH, r, 2);
	CHECK(d >= H_HIGH);
	EQ(sc(dev_io, d, DEV_OUT8, 0x70, 0), 0);
	CHECK(sc(dev_io, d, DEV_IN8, 0x71) >= 0);
	EQ(sc(dev_io, d, DEV_IN16, 0x71), -EPERM);
	EQ(sc(dev_io, d, DEV_OUT8, 0x64, 0xfe), -EPERM);
	EQ(sc(dev_io, d, 3, 0x70), -EINVAL);
	EQ(sc(power, d, POWER_OFF), -EPERM);
	EQ(sc(dev_irq, d, 1, 0), -EPERM);
	EQ(sc(dev_mem, d, 0xfe000000, 4096, 0), -EPERM);
	CHECK(sc(dev_mem, d, 0xfd000000, 4096, DEV_UNCACHED) >= H_HIGH);
	r[0].first = 0x60;
	EQ(sc(dev_restrict, d, r, 1), -EPERM);
	/* Nobody gets the kernel or ordinary memory. */
	EQ(sc(dev_mem, H_HIGH, 0x200000, 4096, 0), -EPERM);
	EQ(sc(dev_mem, H_HIGH, 0x3000000, 4096, 0), -EPERM);
	struct dev_msi msi = { 0 };
	long irq = sc(dev_irq, H_HIGH, DEV_MSI, &msi);
	CHECK(irq >= H_HIGH && msi.addr);
	EQ(sc(irq_ack, irq), 0);
	uint64_t phys = 0;
	CHECK(sc(dev_dma, H_HIGH, 8192, 0, &phys) >= H_HIGH && phys && phys % 4096 == 0);
}

TEST(interrupts_reach_a_port)
{
	/* The RTC's periodic interrupt, line 8. */
	handle_t port = (handle_t)sc(port_create);
	long irq = sc(dev_irq, H_HIGH, 8, 0);
	struct msg m;

	CHECK(irq >= H_HIGH);
	EQ(sc(bind, irq, port, 8, EV_IN, 0), 0);
	sc(dev_io, H_HIGH, DEV_OUT8, 0x70, 0xb);
	long b = sc(dev_io, H_HIGH, DEV_IN8, 0x71);
	sc(dev_io, H_HIGH, DEV_OUT8, 0x70, 0xb);
	sc(dev_io, H_HIGH, DEV_OUT8, 0x71, b | 0x40);
	for (int i = 0; i < 3; i++) {
		EQ(sc(recv, port, &m, now() + 30000 * MS), 0);
		CHECK(m.kind == MSG_EVENT && m.id == 8 && m.w[0] == EV_IN && m.w[1] >= 1);
		sc(dev_io, H_HIGH, DEV_OUT8, 0x70, 0xc);
		sc(dev_io, H_HIGH, DEV_IN8, 0x71);
		EQ(sc(irq_ack, irq), 0);
	}
	sc(dev_io, H_HIGH, DEV_OUT8, 0x70, 0xb);
	sc(dev_io, H_HIGH, DEV_OUT8, 0x71, b);
}

TEST(processes_have_names)
{
	struct proc_info info;

	EQ(sc(proc_name, "worker"), 0);
	EQ(sc(proc_info, H_NONE, &info), 0);
	CHECK(memcmp(info.name, "worker", 7) == 0);
	EQ(sc(proc_name, "a name that is much longer than thirty-one bytes"), 0);
	EQ(sc(proc_info, H_NONE, &info), 0);
	CHECK(memcmp(info.name, "a name that is much longer than ", 31) == 0 && info.name[31] == 0);
	EQ(sc(proc_name, 8), -EFAULT);
}

TEST(parents_are_known_and_replaced)
{
	volatile uint32_t *seen = shared(4096);
	long pid = fork_();

	if (pid == 0) {
		long me = page->pid;
		if (fork_() == 0) {
			CHECK(page->ppid == (uint32_t)me);
			while (page->ppid == (uint32_t)me)
				msleep(1);
			*seen = page->ppid;
			quit(0);
		}
		msleep(5);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	for (int i = 0; i < 1000 && !*seen; i++)
		msleep(1);
	EQ(*seen, 1);
}

TEST(device_memory_stays_device_memory)
{
	uint64_t *phys = shared(4096);
	uint64_t again = 0;

	long pid = fork_();
	if (pid == 0) {
		CHECK(sc(dev_dma, H_HIGH, 65536, 0, phys) >= H_HIGH);
		quit(0);
	}
	EQ(wait_for(pid), 0);
	/* Nobody else gets these frames; the next request of that size does. */
	CHECK(sc(dev_dma, H_HIGH, 65536, 0, &again) >= H_HIGH);
	EQ(again, *phys);
}
