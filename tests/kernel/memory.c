/* SPDX-License-Identifier: MIT */
/* Address spaces and memory objects as one process sees them. */
#include "calls.h"

#define RW	3
#define PAGE	4096ul

static long map_at(long h, uint64_t addr, size_t n, uint64_t off, int prot, int flags)
{
	struct vm_map m = { H_NONE, (handle_t)h, addr, n, off, (uint32_t)prot, (uint32_t)flags };

	return sys(SYS_vm_map, &m);
}

/* Whether the kernel can read (or write) there for us: no signal needed to ask. */
static int readable(const void *p) { return sys(SYS_log_read, 0, 0, 0) == 0 && sys(SYS_log, p, 1) == 1; }
static int writable(void *p) { return sys(SYS_getrandom, p, 1) == 1; }

static void fresh_memory_is_zero(void)
{
	unsigned char *p = map(64 * PAGE);

	check((long)p > 0);
	for (size_t i = 0; i < 64 * PAGE; i += 512)
		check(p[i] == 0);
	for (size_t i = 0; i < 64 * PAGE; i += PAGE)
		p[i] = (unsigned char)(i / PAGE);
	for (size_t i = 0; i < 64 * PAGE; i += PAGE)
		check(p[i] == (unsigned char)(i / PAGE));
	expect(sys(SYS_vm_unmap, H_NONE, p, 64 * PAGE), 0);
	check(!readable(p));
}

static long free_memory(void)
{
	struct sys_info s;

	sys(SYS_sysinfo, &s);
	return (long)s.mem_free;
}

static int resident(const char *p, unsigned pages)
{
	unsigned char vec[64];
	int n = 0;

	expect(sys(SYS_vm_resident, p, pages * PAGE, vec), 0);
	for (unsigned i = 0; i < pages; i++)
		n += vec[i] & 1;
	return n;
}

/* The first touch of a small map brings all of it, of a large one a page; what was given back stays away. */
static void a_small_map_comes_with_one_fault(void)
{
	char *p = map(16 * PAGE), *q = map(64 * PAGE);

	q[40 * PAGE] = 1;
	check(resident(q, 64) == 1);
	p[5 * PAGE] = 1;
	check(resident(p, 16) == 1);		/* it was not the last map any more */
	expect(sys(SYS_vm_unmap, H_NONE, p, 16 * PAGE), 0);
	p = map(16 * PAGE);
	check(resident(p, 16) == 0);
	p[5 * PAGE] = 1;
	check(resident(p, 16) == 16);
	for (unsigned i = 0; i < 16 * PAGE; i += 64)
		check(p[i] == (i == 5 * PAGE));
	expect(sys(SYS_vm_advise, p, 16 * PAGE, 4), 0);
	check(resident(p, 16) == 0);
	p[9 * PAGE] = 1;
	check(resident(p, 16) == 1);
	expect(sys(SYS_vm_unmap, H_NONE, p, 16 * PAGE), 0);
	p = map(8 * PAGE);
	expect(sys(SYS_vm_unmap, H_NONE, p + 2 * PAGE, 2 * PAGE), 0);
	expect(sys(SYS_vm_protect, H_NONE, p + 6 * PAGE, 2 * PAGE, 1), 0);
	p[5 * PAGE] = 1;
	check(resident(p + 4 * PAGE, 2) == 2 && resident(p + 6 * PAGE, 2) == 0 && resident(p, 2) == 0);
	expect(sys(SYS_vm_unmap, H_NONE, p, 8 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, q, 64 * PAGE), 0);
}

/* Who goes down from the end of a region, as a stack does, gets four pages at a time, never below its start. */
static void a_stack_comes_by_four_pages(void)
{
	char *p = map(64 * PAGE), *q = p + 22 * PAGE, *end = p + 64 * PAGE;

	expect(sys(SYS_vm_protect, H_NONE, p, 20 * PAGE, 0), 0);
	end[-1] = 1;
	check(resident(p, 64) == 4 && resident(end - 4 * PAGE, 4) == 4);
	end[-4 * (long)PAGE - 1] = 1;
	check(resident(p, 64) == 8);
	q[10 * PAGE] = 1;
	q[9 * PAGE] = 1;
	check(resident(p, 64) == 8 + 1 + 4);
	q[0] = q[1] = 1;
	check(resident(p, 64) == 14);
	p[21 * PAGE] = 1;		/* two pages above the start */
	check(resident(p, 64) == 16);
	expect(sys(SYS_vm_unmap, H_NONE, p, 64 * PAGE), 0);
}

/* Pages here and there, in several tables: what a walk finds is neither more nor less. */
static void scattered_pages_are_found(void)
{
	static const unsigned at[] = { 0, 7, 8, 511, 512, 513, 1023, 1100, 1535 };
	enum { N = sizeof(at) / sizeof(*at), ALL = 1536 };
	char *p = map(ALL * PAGE);
	long before = free_memory();

	for (unsigned i = 0; i < N; i++)
		p[at[i] * PAGE] = (char)(i + 1);
	expect(sys(SYS_vm_protect, H_NONE, p + PAGE, (ALL - 2) * PAGE, 1), 0);
	check(writable(p + 1) && !writable(p + 7 * PAGE) && !writable(p + 512 * PAGE) && writable(p + 1535 * PAGE + 1));
	expect(sys(SYS_vm_protect, H_NONE, p, ALL * PAGE, RW), 0);
	expect(sys(SYS_vm_unmap, H_NONE, p + 8 * PAGE, 505 * PAGE), 0);
	check(readable(p + 7 * PAGE) && !readable(p + 8 * PAGE) && !readable(p + 512 * PAGE) && p[513 * PAGE] == 6);
	for (unsigned i = 5; i < N; i++)
		check(p[at[i] * PAGE] == (char)(i + 1));
	/* Where all was unmapped it is found again. */
	expect(map_at(H_NONE, (uint64_t)p + 8 * PAGE, 505 * PAGE, 0, RW, 0x12), (long)p + 8 * (long)PAGE);
	p[300 * PAGE] = p[512 * PAGE] = 1;
	expect(sys(SYS_vm_unmap, H_NONE, p, ALL * PAGE), 0);
	check(before - free_memory() < 20 * (long)PAGE);	/* tables stay */
}

static void unmap_in_the_middle(void)
{
	char *p = map(5 * PAGE);

	fill(p, 'a', 5 * PAGE);
	expect(sys(SYS_vm_unmap, H_NONE, p + PAGE, 3 * PAGE), 0);
	check(readable(p) && readable(p + 4 * PAGE));
	check(!readable(p + PAGE) && !readable(p + 3 * PAGE));
	expect(map_at(H_NONE, (uint64_t)p + PAGE, PAGE, 0, RW, 0x100002), (long)p + (long)PAGE);
	check(p[PAGE] == 0 && p[0] == 'a');
	expect(map_at(H_NONE, (uint64_t)p, PAGE, 0, RW, 0x100002), -17);
	expect(map_at(H_NONE, (uint64_t)p, PAGE, 0, RW, 0x12), (long)p);
	check(p[0] == 0);
	expect(sys(SYS_vm_unmap, H_NONE, p, 5 * PAGE), 0);
}

/* Neighbours are one region inside; what is cut off or out of it is the first to be used again. */
static void freed_addresses_are_used_again(void)
{
	char *p = map(3 * PAGE), *q = map(3 * PAGE), *r = map(3 * PAGE);

	fill(p, 'p', 3 * PAGE);
	fill(q, 'q', 3 * PAGE);
	fill(r, 'r', 3 * PAGE);
	expect(sys(SYS_vm_unmap, H_NONE, q, 3 * PAGE), 0);
	check(!readable(q) && !readable(q + 2 * PAGE) && p[0] == 'p' && r[0] == 'r');
	expect((long)map(3 * PAGE), (long)q);
	check(q[0] == 0 && q[3 * PAGE - 1] == 0);
	expect(sys(SYS_vm_unmap, H_NONE, p + PAGE, PAGE), 0);
	expect((long)map(PAGE), (long)p + (long)PAGE);
	check(p[0] == 'p' && p[PAGE] == 0 && p[2 * PAGE] == 'p');
	expect(sys(SYS_vm_unmap, H_NONE, p + 2 * PAGE, PAGE), 0);
	check(!readable(p + 2 * PAGE) && readable(p + PAGE));
	expect(sys(SYS_vm_unmap, H_NONE, r, PAGE), 0);
	check(!readable(r) && r[PAGE] == 'r' && r[3 * PAGE - 1] == 'r');
	expect(sys(SYS_vm_unmap, H_NONE, p, 2 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, q, 3 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, r + PAGE, 2 * PAGE), 0);
}

static void write_and_execute_is_refused(void)
{
	void *p = map(PAGE);

	expect(map_at(H_NONE, 0, PAGE, 0, 7, 2), -13);
	expect(map_at(H_NONE, 0, PAGE, 0, 6, 2), -13);
	expect(sys(SYS_vm_protect, H_NONE, p, PAGE, 7), -13);
	expect(sys(SYS_vm_protect, H_NONE, p, PAGE, 5), 0);
}

static void protection_holds(void)
{
	char *p = map(4 * PAGE);

	expect(sys(SYS_vm_unmap, H_NONE, p + 3 * PAGE, PAGE), 0);
	fill(p, 'x', 3 * PAGE);
	expect(sys(SYS_vm_protect, H_NONE, p + PAGE, PAGE, 1), 0);
	check(writable(p) && !writable(p + PAGE) && writable(p + 2 * PAGE));
	check(readable(p + PAGE));
	expect(sys(SYS_vm_protect, H_NONE, p + PAGE, PAGE, RW), 0);
	check(writable(p + PAGE));
	check(p[PAGE + 100] == 'x');
	expect(sys(SYS_vm_protect, H_NONE, p + 2 * PAGE, 2 * PAGE, 1), -12);
}

static void bad_addresses_are_refused(void)
{
	expect(map_at(H_NONE, VM_TOP, PAGE, 0, RW, 0x12), -12);
	expect(map_at(H_NONE, VM_TOP - PAGE, 2 * PAGE, 0, RW, 0x12), -12);
	expect(map_at(H_NONE, 0xffffffff80200000, PAGE, 0, RW, 0x12), -12);
	expect(map_at(H_NONE, 0, 0, 0, RW, 2), -22);
	expect(map_at(H_NONE, 0, ~0ul, 0, RW, 2), -22);
	expect(map_at(H_NONE, 12345, PAGE, 0, RW, 0x12), -22);
	expect(map_at(99, 0, PAGE, 0, RW, 2), -9);
	expect(sys(SYS_vm_unmap, H_NONE, 0xffff800000000000, PAGE), -22);
	expect(sys(SYS_vm_map, 8), -14);
	expect(sys(SYS_vm_unmap, H_NONE, proc_page, PAGE), -22);
	expect(sys(SYS_vm_protect, H_NONE, proc_page, PAGE, 1), -13);
}

static void mem_reads_what_was_written(void)
{
	long m = sys(SYS_mem_create, 3 * PAGE, 0);
	static char a[2 * 4096], b[2 * 4096];

	check(m >= H_HIGH);
	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (char)(i * 7);
	expect(sys(SYS_mem_write, m, 1000, a, sizeof(a)), sizeof(a));
	expect(sys(SYS_mem_read, m, 1000, b, sizeof(b)), sizeof(b));
	check(same(a, b, sizeof(a)));
	expect(sys(SYS_mem_read, m, 0, b, 1000), 1000);
	check(b[0] == 0 && b[999] == 0);
	expect(sys(SYS_mem_read, m, 3 * PAGE - 10, b, 100), 10);
	expect(sys(SYS_mem_read, m, 3 * PAGE, b, 100), 0);
	expect(sys(SYS_mem_write, m, 5 * PAGE, a, 10), 10);
	expect(sys(SYS_mem_size, m, -1), 5 * PAGE + 10);
	expect(sys(SYS_mem_size, m, 100), 100);
	expect(sys(SYS_mem_size, m, 2 * PAGE), 2 * PAGE);
	expect(sys(SYS_mem_read, m, 1000, b, 1000), 1000);
	check(b[0] == 0 && b[999] == 0);
	expect(sys(SYS_mem_read, m, 0, 16, 100), -14);
	expect(sys(SYS_handle_close, m), 0);
}

static void shared_map_is_the_mem(void)
{
	long m = sys(SYS_mem_create, 4 * PAGE, 0);
	char *p = (char *)map_at(m, 0, 4 * PAGE, 0, RW, 1), *q = (char *)map_at(m, 0, 2 * PAGE, PAGE, RW, 1);
	char c = 0;

	check((long)p > 0 && (long)q > 0);
	p[PAGE + 5] = 'z';
	check(q[5] == 'z');
	expect(sys(SYS_mem_read, m, PAGE + 5, &c, 1), 1);
	check(c == 'z');
	c = 'w';
	expect(sys(SYS_mem_write, m, 2 * PAGE, &c, 1), 1);
	check(p[2 * PAGE] == 'w' && q[PAGE] == 'w');
	expect(sys(SYS_mem_size, m, PAGE), PAGE);
	check(readable(p) && !readable(p + PAGE) && !readable(q));
	expect(sys(SYS_handle_close, m), 0);
	check(readable(p));
	expect(sys(SYS_vm_unmap, H_NONE, p, 4 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, q, 2 * PAGE), 0);
}

static void private_map_keeps_its_writes(void)
{
	long m = sys(SYS_mem_create, 2 * PAGE, 0);
	char *p = (char *)map_at(m, 0, 2 * PAGE, 0, RW, 2), c = 'm';

	expect(sys(SYS_mem_write, m, 0, &c, 1), 1);
	check(p[0] == 'm');
	p[0] = 'p';
	p[PAGE] = 'q';
	expect(sys(SYS_mem_read, m, 0, &c, 1), 1);
	check(c == 'm' && p[0] == 'p');
	expect(sys(SYS_mem_read, m, PAGE, &c, 1), 1);
	check(c == 0);
}

/* The boot archive is memory of the machine: private copies of it may be written, itself not. */
static void boot_archive_is_mapped(void)
{
	uint64_t size = 0;
	long m = sys(SYS_dev_info, DEV, DEV_BOOTMEM, &size, sizeof(size));
	char *p = (char *)map_at(m, 0, PAGE, 0, RW, 2), *q = (char *)map_at(m, 0, PAGE, 0, 1, 1);

	check(m >= H_HIGH && size > 1024);
	check((long)p > 0 && (long)q > 0);
	check(same(p + 257, "ustar", 5) && same(q + 257, "ustar", 5));
	p[257] = 'X';
	check(q[257] == 'u' && p[257] == 'X' && p[258] == 's');
	expect(map_at(m, 0, PAGE, 0, RW, 1), -13);
	expect(sys(SYS_vm_unmap, H_NONE, p, PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, q, PAGE), 0);
}

static void rights_limit_maps(void)
{
	long m = sys(SYS_mem_create, PAGE, 0);
	long r = sys(SYS_handle_restrict, m, R_READ | R_DUP);

	check(r > 0);
	expect(map_at(r, 0, PAGE, 0, RW, 1), -13);
	expect(map_at(r, 0, PAGE, 0, 5, 1), -13);
	check(map_at(r, 0, PAGE, 0, RW, 2) > 0);
	check(map_at(r, 0, PAGE, 0, 1, 1) > 0);
	expect(sys(SYS_vm_protect, H_NONE, map_at(r, 0, PAGE, 0, 1, 1), PAGE, RW), -13);
	expect(sys(SYS_mem_write, r, 0, &m, 8), -13);
	expect(sys(SYS_mem_size, r, 0), -13);
}

static int child_writes(void *p)
{
	unsigned char *b = p;

	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		if (b[i] != 1)
			return 1;
	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		b[i] = 2;
	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		if (b[i] != 2)
			return 2;
	return 0;
}

static void fork_copies_on_write(void)
{
	unsigned char *p = map(100 * PAGE);

	supervise();
	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		p[i] = 1;
	check(child(child_writes, p) > 1);
	check(child(child_writes, p) > 1);
	expect(child_status(), 0);
	expect(child_status(), 0);
	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		check(p[i] == 1);
	for (size_t i = 0; i < 100 * PAGE; i += PAGE)
		p[i] = 3;
	expect(sys(SYS_vm_unmap, H_NONE, p, 100 * PAGE), 0);
}

static int child_opens(void *arg)
{
	char *p = arg;

	if (readable(p) || writable(p + PAGE))
		return 1;
	if (sys(SYS_vm_protect, H_NONE, p, 2 * PAGE, RW) != 0 || p[5] != 'n' || p[PAGE + 5] != 'n')
		return 2;
	p[5] = 'c';
	return sys(SYS_vm_protect, H_NONE, p, 2 * PAGE, 0) != 0 || readable(p);
}

/* Pages that are there but that nobody may touch: not the kernel either. They are kept, copied, moved and given back. */
static void closed_pages_are_closed_to_the_kernel(void)
{
	char *p = map(32 * PAGE), *q;
	long m = sys(SYS_mem_create, 2 * PAGE, 0), before = free_memory();
	char *s = (char *)map_at(m, 0, 2 * PAGE, 0, RW, 1);

	supervise();
	fill(p, 'n', 32 * PAGE);
	s[0] = 's';
	expect(sys(SYS_vm_protect, H_NONE, p, 32 * PAGE, 0), 0);
	expect(sys(SYS_vm_protect, H_NONE, s, 2 * PAGE, 0), 0);
	check(!readable(p) && !readable(p + 31 * PAGE) && !writable(p) && !readable(s) && !writable(s));
	expect(sys(SYS_mem_write, m, 0, p, 8), -14);
	check(resident(p, 32) == 32 && resident(s, 1) == 1);
	check(child(child_opens, p) > 1);
	expect(child_status(), 0);
	q = (char *)sys(SYS_vm_remap, p, 2 * PAGE, 4 * PAGE, 1, 0);
	check(q != p && !readable(q) && resident(q, 4) == 2);
	expect(sys(SYS_vm_protect, H_NONE, q, 2 * PAGE, 1), 0);
	check(readable(q) && !writable(q) && q[5] == 'n' && q[PAGE + 5] == 'n');
	expect(sys(SYS_vm_protect, H_NONE, p + 2 * PAGE, 2 * PAGE, RW), 0);
	check(p[2 * PAGE] == 'n' && writable(p + 3 * PAGE) && !readable(p + 4 * PAGE));
	expect(sys(SYS_vm_protect, H_NONE, s, PAGE, RW), 0);
	check(s[0] == 's' && writable(s + 1) && !readable(s + PAGE));
	expect(sys(SYS_vm_advise, p + 8 * PAGE, 4 * PAGE, 4), 0);
	check(resident(p + 8 * PAGE, 4) == 0 && !readable(p + 8 * PAGE));
	expect(sys(SYS_vm_protect, H_NONE, s, PAGE, 0), 0);
	expect(sys(SYS_mem_size, m, 0), 0);		/* a sweep takes them away */
	check(resident(s, 1) == 0);
	expect(sys(SYS_vm_unmap, H_NONE, q, 4 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, p, 32 * PAGE), 0);
	expect(sys(SYS_vm_unmap, H_NONE, s, 2 * PAGE), 0);
	expect(sys(SYS_handle_close, m), 0);
	check(before - free_memory() < 10 * (long)PAGE);	/* tables stay */
}

static int touch_shared(void *p)
{
	++*(volatile int *)p;
	return 0;
}

static void fork_shares_shared_memory(void)
{
	volatile int *p = (void *)map_at(H_NONE, 0, PAGE, 0, RW, 1);

	supervise();
	*p = 41;
	check(child(touch_shared, (void *)p) > 1);
	expect(child_status(), 0);
	expect(*p, 42);
}

static int read_address(void *p) { return *(volatile char *)p; }
static int write_address(void *p) { *(volatile char *)p = 1; return 0; }
static int jump_to(void *p) { ((void (*)(void))p)(); return 0; }
static int divide(void *p) { return 10 / *(volatile int *)p; }

static int privileged(void *p)
{
	(void)p;
	__asm__ volatile("cli");
	return 0;
}

static int deep(void *p)
{
	volatile char big[8192];

	big[0] = (char)(long)p;
	return (long)p == -1 ? 0 : deep((char *)p + 1) + big[0];
}

#define SEGV	11
#define FPE	8

static void faults_kill_the_process_only(void)
{
	static int zero;
	char *ro = map(PAGE);

	supervise();
	sys(SYS_vm_protect, H_NONE, ro, PAGE, 1);
	child(read_address, (void *)0x1000);
	expect(child_status() & 0x7f, SEGV);
	child(read_address, (void *)0xffffffff80200000);
	expect(child_status() & 0x7f, SEGV);
	child(write_address, ro);
	expect(child_status() & 0x7f, SEGV);
	child(jump_to, ro);
	expect(child_status() & 0x7f, SEGV);
	child(jump_to, (void *)0x800000000000);
	expect(child_status() & 0x7f, SEGV);
	child(divide, &zero);
	expect(child_status() & 0x7f, FPE);
	child(privileged, 0);
	expect(child_status() & 0x7f, SEGV);
	child(deep, 0);
	expect(child_status() & 0x7f, SEGV);
}

static int exit_only(void *p) { (void)p; return 0; }

static void fork_and_exit_leak_nothing(void)
{
	long before = 0;

	supervise();
	for (int i = 0; i < 60; i++) {
		if (i == 20)
			before = free_memory();
		check(child(exit_only, 0) > 1);
		expect(child_status(), 0);
	}
	check(before - free_memory() < (long)(8 * PAGE));
}

static void unmapped_memory_is_given_back(void)
{
	long before = 0;

	for (int i = 0; i < 8; i++) {
		char *p = map(256 * PAGE);
		long m = sys(SYS_mem_create, 100 * PAGE, 0), q = map_at(m, 0, 100 * PAGE, 0, RW, 1);

		for (size_t k = 0; k < 256 * PAGE; k += PAGE)
			p[k] = 1;
		for (size_t k = 0; k < 100 * PAGE; k += PAGE)
			((char *)q)[k] = 1;
		expect(sys(SYS_vm_unmap, H_NONE, p, 256 * PAGE), 0);
		expect(sys(SYS_vm_unmap, H_NONE, q, 100 * PAGE), 0);
		expect(sys(SYS_handle_close, m), 0);
		if (i == 2)
			before = free_memory();
	}
	check(before - free_memory() < (long)(8 * PAGE));
}

static int eat(void *p)
{
	(void)p;
	for (;;) {
		char *q = map(1 << 20);

		if ((long)q < 0 && (long)q > -4096)
			return 1;
		for (size_t i = 0; i < 1 << 20; i += PAGE)
			q[i] = 1;
	}
}

static void out_of_memory_kills_the_eater(void)
{
	long before = free_memory();
	int status;

	supervise();
	child(eat, 0);
	status = child_status();
	check(status != 0 && status != -1);
	check(before - free_memory() < 64 * (long)PAGE);
}

static void other_address_space_is_filled(void)
{
	long vm = sys(SYS_vm_create);
	struct vm_map m = { (handle_t)vm, H_NONE, 0x10000000, 3 * PAGE, 0, RW, 0x12 };
	static char text[5000];

	check(vm >= H_HIGH);
	expect(sys(SYS_vm_map, &m), 0x10000000);
	expect(sys(SYS_vm_write, vm, 0x10000000 + 100, text, sizeof(text)), 0);
	expect(sys(SYS_vm_write, vm, 0x10000000 + 2 * PAGE, text, sizeof(text)), -14);
	expect(sys(SYS_vm_write, vm, 0x20000000, text, 1), -14);
	expect(sys(SYS_vm_write, vm, 0x10000000, 0x30000000, 100), -14);
	expect(sys(SYS_vm_protect, vm, 0x10000000, PAGE, 5), 0);
	expect(sys(SYS_vm_unmap, vm, 0x10000000, 3 * PAGE), 0);
	expect(sys(SYS_handle_close, vm), 0);
}

const struct test tests[] = {
	{ "fresh_memory_is_zero", fresh_memory_is_zero },
	{ "a_small_map_comes_with_one_fault", a_small_map_comes_with_one_fault },
	{ "a_stack_comes_by_four_pages", a_stack_comes_by_four_pages },
	{ "scattered_pages_are_found", scattered_pages_are_found },
	{ "unmap_in_the_middle", unmap_in_the_middle },
	{ "freed_addresses_are_used_again", freed_addresses_are_used_again },
	{ "write_and_execute_is_refused", write_and_execute_is_refused },
	{ "protection_holds", protection_holds },
	{ "bad_addresses_are_refused", bad_addresses_are_refused },
	{ "mem_reads_what_was_written", mem_reads_what_was_written },
	{ "shared_map_is_the_mem", shared_map_is_the_mem },
	{ "private_map_keeps_its_writes", private_map_keeps_its_writes },
	{ "boot_archive_is_mapped", boot_archive_is_mapped },
	{ "rights_limit_maps", rights_limit_maps },
	{ "fork_copies_on_write", fork_copies_on_write },
	{ "closed_pages_are_closed_to_the_kernel", closed_pages_are_closed_to_the_kernel },
	{ "fork_shares_shared_memory", fork_shares_shared_memory },
	{ "faults_kill_the_process_only", faults_kill_the_process_only },
	{ "fork_and_exit_leak_nothing", fork_and_exit_leak_nothing },
	{ "unmapped_memory_is_given_back", unmapped_memory_is_given_back },
	{ "out_of_memory_kills_the_eater", out_of_memory_kills_the_eater },
	{ "other_address_space_is_filled", other_address_space_is_filled },
};
const int ntests = sizeof(tests) / sizeof(*tests);
