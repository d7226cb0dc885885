/* SPDX-License-Identifier: MIT */
/* Exceptions and interrupts: faults of programs become signals, faults of the kernel a panic. */
#include "arch/x86_64/asm.h"
#include "core/private.h"
#include "defs.h"
#include "sys/sys.h"

_Static_assert(offsetof(struct cpu, current) == 8, "entry.S knows cpu.current");
_Static_assert(offsetof(struct cpu, kstack_top) == 16, "entry.S knows cpu.kstack_top");
_Static_assert(offsetof(struct cpu, user_rsp) == 24, "entry.S knows cpu.user_rsp");
_Static_assert(offsetof(struct cpu, nsys) == 32, "entry.S knows cpu.nsys");
_Static_assert(offsetof(struct cpu, canary) == 40, "Makefile knows cpu.canary");
_Static_assert(sizeof(struct tframe) == 176, "entry.S knows struct tframe");

/* Defines a symbol that entry.S uses as an offset. */
static void __attribute__((used)) offsets(void)
{
	__asm__ volatile(".globl THREAD_WORK\n.set THREAD_WORK, %c0" : : "i"(offsetof(struct thread, work)));
}

extern const char user_begin[], user_end[], user_fault[], user_begin2[], user_end2[];
extern const char user_sse_begin[], user_sse_end[], user_fault_sse[];
extern const char user_avx_begin[], user_avx_end[], user_fault_avx[];
extern const char user_fixed_64[], user_fixed_end_160[], user_fault_fixed[];

static const struct { uint8_t signo, code; const char *name; } faults[32] = {
	[0] = { SIGFPE, 1, "division error" }, [1] = { SIGTRAP, 2, "debug trap" },
	[3] = { SIGTRAP, 1, "breakpoint" }, [4] = { SIGSEGV, 128, "overflow" },
	[5] = { SIGSEGV, 128, "bound range" }, [6] = { SIGILL, 1, "invalid instruction" },
	[7] = { SIGILL, 1, "no FPU" }, [8] = { SIGKILL, 0, "double fault" },
	[10] = { SIGSEGV, 128, "invalid TSS" }, [11] = { SIGSEGV, 128, "segment not present" },
	[12] = { SIGBUS, 128, "stack segment fault" }, [13] = { SIGSEGV, 128, "protection fault" },
	[16] = { SIGFPE, 7, "floating point error" }, [17] = { SIGBUS, 1, "alignment check" },
	[19] = { SIGFPE, 7, "SIMD floating point error" },
};

static bool within(uint64_t a, const char *from, const char *to)
{
	return a >= (uint64_t)from && a < (uint64_t)to;
}

/* Where a fault inside a user copy continues; 0: not in one. */
static uint64_t user_copy_fixup(uint64_t rip)
{
	if (within(rip, user_sse_begin, user_sse_end))
		return (uint64_t)user_fault_sse;
	if (within(rip, user_avx_begin, user_avx_end))
		return (uint64_t)user_fault_avx;
	if (within(rip, user_fixed_64, user_fixed_end_160))
		return (uint64_t)user_fault_fixed;
	if (within(rip, user_begin, user_end) || within(rip, user_begin2, user_end2))
		return (uint64_t)user_fault;
	return 0;
}

static unsigned fault_access(uint64_t err)
{
	return err & 16 ? PROT_EXEC : err & 2 ? PROT_WRITE : PROT_READ;
}

static void page_fault(struct tframe *tf)
{
	uint64_t addr = read_cr2(), fix;
	struct thread *t = current();
	bool user = (tf->cs & 3) != 0;
	int code = 1, sig;

	fix = user ? 0 : user_copy_fixup(tf->rip);
	if ((!user && fix == 0) || (tf->err & 8))
		panic_frame(tf, "page fault in the kernel at %lx, error %lx", addr, tf->err);
	if (!user && t->fault_depth != 0) {
		tf->rip = fix;
		return;
	}
	t->usage.minflt++;
	if (user)
		this_cpu()->fault_rip = tf->rip;
	sig = SIGSEGV;
	if (t->vm != NULL && addr < VM_TOP)
		sig = vm_fault(t->vm, addr, fault_access(tf->err), &code);
	if (sig == 0)
		return;
	if (!user)
		tf->rip = fix;
	else if (sig > 0)		/* -EINTR: the thread ends on its way out */
		sig_fault(tf, sig, code, addr);
}

static void exception(struct tframe *tf)
{
	uint64_t n = tf->trapno;

	if (n == TRAP_PAGE) {
		page_fault(tf);
		return;
	}
	if (n == 2)
		panic_frame(tf, "non-maskable interrupt");
	if ((tf->cs & 3) == 0 || faults[n].name == NULL || n == 8 || n == 18)
		panic_frame(tf, "%s (exception %lu), error %lx",
			    faults[n].name ? faults[n].name : "unknown", n, tf->err);
	if (n == 1 && debug_stepped(tf))
		return;
	if (n == 1)
		tf->rflags &= ~0x100ul;
	sig_fault(tf, faults[n].signo, faults[n].code, tf->rip);
}

static void interrupt(struct tframe *tf)
{
	this_cpu()->nirq++;
	switch (tf->trapno) {
	case VEC_TIMER:
		apic_eoi();
		timer_interrupt(tf);
		break;
	case VEC_FLUSH:
		apic_eoi();
		cpu_flush_poll();
		break;
	case VEC_RESCHED:
		apic_eoi();
		timer_rearm(this_cpu());
		break;
	case VEC_STOP:
		panic_stop_cpu();
	case VEC_SPURIOUS:
		break;
	default:
		irq_dispatch((uint8_t)tf->trapno);
	}
}

/* From entry.S, for everything but system calls. */
void trap_handle(struct tframe *tf)
{
	if (tf->trapno < 32)
		exception(tf);
	else
		interrupt(tf);
	if (this_cpu()->resched)
		__atomic_or_fetch(&current()->work, WORK_RESCHED, __ATOMIC_RELAXED);
}

/* From entry.S before a return to user mode with work pending. Returns when there is none. */
void trap_user_exit(struct tframe *tf)
{
	struct thread *t = current();
	uint32_t w;

	spin_check_none("return to user mode");
	while ((w = __atomic_load_n(&t->work, __ATOMIC_SEQ_CST)) != 0) {
		if (w & WORK_RESCHED) {
			thread_work_clear(t, WORK_RESCHED);
			sched_yield();
		}
		if (w & ~WORK_RESCHED)
			user_return_work(tf);
	}
	this_cpu()->nsys = t->nsys;
}
