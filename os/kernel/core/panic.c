/* SPDX-License-Identifier: MIT */
/* The end of a kernel that found itself wrong: registers, backtrace with names, all CPUs stopped. */
#include "arch/x86_64/asm.h"
#include "boot/private.h"
#include "core/private.h"
#include "defs.h"
#include "proc/proc.h"

struct symbol { uint32_t off, name; };		/* offset from KERNEL_BASE, offset in the names */

extern const struct symbol symbol_table[];
extern const char symbol_names[];
extern const uint64_t symbol_count;
extern const char kernel_start[], text_end[], kernel_end[];

static volatile uint32_t panicking;

const char *symbol_name(uint64_t addr, uint64_t *off)
{
	uint64_t lo = 0, hi = symbol_count;
	uint32_t a = (uint32_t)(addr - KERNEL_BASE);

	if (addr < (uint64_t)kernel_start || addr >= (uint64_t)text_end || hi == 0)
		return NULL;
	while (hi - lo > 1) {
		uint64_t mid = (lo + hi) / 2;

		if (symbol_table[mid].off <= a)
			lo = mid;
		else
			hi = mid;
	}
	*off = a - symbol_table[lo].off;
	return symbol_names + symbol_table[lo].name;
}

static void say(const char *fmt, ...)
{
	char line[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_raw(line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

static void say_address(uint64_t a)
{
	uint64_t off = 0;
	const char *s = symbol_name(a, &off);

	if (s != NULL)
		say("  %016lx %s+0x%lx\n", a, s, off);
	else
		say("  %016lx\n", a);
}

static bool kernel_address(uint64_t a)
{
	return a >= DIRECT_MAP && (a & 7) == 0 && (a < DIRECT_MAP + (nframes << PAGE_SHIFT) ||
		(a >= STACK_AREA && a < STACK_AREA + STACK_AREA_SIZE) ||
		(a >= (uint64_t)kernel_start && a < (uint64_t)kernel_end));
}

static void backtrace(uint64_t rip, uint64_t rbp)
{
	say("slide %lx, memory at %lx, stacks at %lx\nbacktrace:\n", KERNEL_BASE - KERNEL_LINKED, DIRECT_MAP, STACK_AREA);
	say_address(rip);
	for (int i = 0; i < 24 && kernel_address(rbp) && kernel_address(rbp + 8); i++) {
		const uint64_t *f = (const uint64_t *)rbp;

		if (f[1] == 0)
			break;
		say_address(f[1] - 1);
		if (f[0] <= rbp)
			break;
		rbp = f[0];
	}
}

static void registers(const struct tframe *t)
{
	say("rip %016lx cs %lx rflags %lx rsp %016lx ss %lx trap %lu error %lx cr2 %lx cr3 %lx\n",
	    t->rip, t->cs, t->rflags, t->rsp, t->ss, t->trapno, t->err, read_cr2(), read_cr3());
	say("rax %016lx rbx %016lx rcx %016lx rdx %016lx\n", t->rax, t->rbx, t->rcx, t->rdx);
	say("rsi %016lx rdi %016lx rbp %016lx r8  %016lx\n", t->rsi, t->rdi, t->rbp, t->r8);
	say("r9  %016lx r10 %016lx r11 %016lx r12 %016lx\n", t->r9, t->r10, t->r11, t->r12);
	say("r13 %016lx r14 %016lx r15 %016lx\n", t->r13, t->r14, t->r15);
}

_Noreturn void panic_stop_cpu(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

static void begin(const char *fmt, va_list ap)
{
	char line[256];
	struct thread *t = current();

	irq_off();
	if (__atomic_exchange_n(&panicking, 1, __ATOMIC_SEQ_CST) != 0)
		panic_stop_cpu();
	vsnprintf(line, sizeof(line), fmt, ap);
	say("\nkernel panic on CPU %u: %s\n", this_cpu()->id, line);
	if (t != NULL && t->proc != NULL)
		say("thread %u of process %u %s\n", t->tid, t->proc->pid, t->proc->name);
	else if (t != NULL)
		say("kernel thread %s\n", t->name);
	if (ncpu > 1)
		apic_ipi_all(VEC_STOP);
}

/* Leaves the emulator when the command line asks for it (tests), else stays. */
static _Noreturn void end(void)
{
	test_exit(0x7f);
	panic_stop_cpu();
}

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	begin(fmt, ap);
	va_end(ap);
	backtrace((uint64_t)__builtin_return_address(0), (uint64_t)__builtin_frame_address(0));
	end();
}

void panic_frame(const struct tframe *tf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	begin(fmt, ap);
	va_end(ap);
	registers(tf);
	backtrace(tf->rip, tf->rbp);
	end();
}

/* The compiler's: a function found the value above its buffers changed. */
void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
	panic("a stack was overwritten");
}

void log_user_fault(const struct tframe *tf, const char *what, uint64_t addr)
{
	struct thread *t = current();

	klog_error("%s[%u.%u]: %s at %lx, rip %lx rsp %lx rax %lx rdi %lx error %lx", t->proc->name,
	     t->proc->pid, t->tid, what, addr, tf->rip, tf->rsp, tf->rax, tf->rdi, tf->err);
}
