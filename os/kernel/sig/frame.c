/* SPDX-License-Identifier: MIT */
/*
 * Signal frames on x86_64. A frame comes back from user memory and may hold anything: only general
 * registers, the harmless flags and a cleaned FPU image are taken from it: it never gains privilege.
 */
#include "defs.h"
#include "proc/proc.h"
#include "sig/frame.h"
#include "sig/signo.h"

#define RED_ZONE	128
#define USER_END	0x0000800000000000ul
#define RFLAGS_DF	0x400ul

/* Indices of gregs. */
enum { G_R8, G_R9, G_R10, G_R11, G_R12, G_R13, G_R14, G_R15, G_RDI, G_RSI, G_RBP, G_RBX, G_RDX,
       G_RAX, G_RCX, G_RSP, G_RIP, G_EFL, G_CSGSFS, G_ERR, G_TRAPNO, G_OLDMASK, G_CR2 };

static void gregs_save(uint64_t *g, const struct tframe *tf)
{
	g[G_R8] = tf->r8;
	g[G_R9] = tf->r9;
	g[G_R10] = tf->r10;
	g[G_R11] = tf->r11;
	g[G_R12] = tf->r12;
	g[G_R13] = tf->r13;
	g[G_R14] = tf->r14;
	g[G_R15] = tf->r15;
	g[G_RDI] = tf->rdi;
	g[G_RSI] = tf->rsi;
	g[G_RBP] = tf->rbp;
	g[G_RBX] = tf->rbx;
	g[G_RDX] = tf->rdx;
	g[G_RAX] = tf->rax;
	g[G_RCX] = tf->rcx;
	g[G_RSP] = tf->rsp;
	g[G_RIP] = tf->rip;
	g[G_EFL] = tf->rflags;
	g[G_CSGSFS] = USER_CS | (uint64_t)USER_SS << 48;
	g[G_OLDMASK] = g[G_CR2] = 0;
	g[G_ERR] = tf->trapno < 32 ? tf->err : 0;
	g[G_TRAPNO] = tf->trapno < 32 ? tf->trapno : 0;
}

static void gregs_load(struct tframe *tf, const uint64_t *g)
{
	tf->r8 = g[G_R8];
	tf->r9 = g[G_R9];
	tf->r10 = g[G_R10];
	tf->r11 = g[G_R11];
	tf->r12 = g[G_R12];
	tf->r13 = g[G_R13];
	tf->r14 = g[G_R14];
	tf->r15 = g[G_R15];
	tf->rdi = g[G_RDI];
	tf->rsi = g[G_RSI];
	tf->rbp = g[G_RBP];
	tf->rbx = g[G_RBX];
	tf->rdx = g[G_RDX];
	tf->rax = g[G_RAX];
	tf->rcx = g[G_RCX];
	tf->rsp = g[G_RSP];
	tf->rip = g[G_RIP];
	tf->rflags = (g[G_EFL] & RFLAGS_KEEP) | RFLAGS_USER;
	tf->cs = USER_CS;
	tf->ss = USER_SS;
	tf->trapno = TRAP_FULL;
}

static bool on_alt(const struct thread_page *tp, uint64_t sp)
{
	return sp - tp->alt_base <= tp->alt_size && sp != tp->alt_base;
}

/* Where the frame goes, and what ucontext says about the alternate stack. */
static uint64_t choose_stack(const struct tframe *tf, uint32_t flags, struct abi_ucontext *uc)
{
	struct thread_page *tp = current()->tpage;
	uint64_t base = tp->alt_base, size = tp->alt_size;
	bool on = size && on_alt(tp, tf->rsp);

	uc->ss_sp = base;
	uc->ss_size = size;
	uc->ss_flags = !size ? SS_DISABLE : on ? SS_ONSTACK : 0;
	if (!(flags & SA_ONSTACK) || !size || on)
		return tf->rsp - RED_ZONE;
	if (tp->alt_flags & SS_AUTODISARM)
		tp->alt_size = 0;
	return base + size;
}

/*
 * The state of the FPU to addr. It lies in the thread's save area until it is copied: a switch in between would put
 * the copy's own use of the registers there, so faults are resolved before.
 */
static int fp_store(uint64_t addr, uint64_t n)
{
	struct thread *t = current();
	int code;

	for (;;) {
		fpu_save(t->fpu);
		if (copyout_nofault(addr, t->fpu, n) == 0)
			return 0;
		for (uint64_t a = addr; a < addr + n; a = (a & -PAGE) + PAGE)
			if (vm_fault(t->proc->vm, a, PROT_WRITE, &code))
				return -EFAULT;
	}
}

_Static_assert(offsetof(struct abi_ucontext, sigmask) == offsetof(struct abi_ucontext, reserved) + 8 * 8,
	"both are cleared in one go");

int frame_push(struct tframe *tf, const struct abi_siginfo *info, const struct abi_sigact *act,
	       uint64_t mask)
{
	struct thread *t = current();
	struct abi_sigframe f;
	size_t fpn = fpu_size();

	f.uc.flags = f.uc.link = 0;
	f.uc.pad = 0;
	words_zero(f.uc.reserved, (sizeof f.uc.reserved + sizeof f.uc.sigmask) / 8);
	uint64_t sp = choose_stack(tf, act->flags, &f.uc);
	uint64_t fp = (sp - fpn) & ~63ull;
	uint64_t at = (fp - sizeof f) & ~15ull;
	if (at >= USER_END || sp >= USER_END)
		return -EFAULT;
	gregs_save(f.uc.gregs, tf);
	f.uc.gregs[G_OLDMASK] = mask;
	f.uc.gregs[G_CR2] = tf->trapno == TRAP_PAGE ? info->u.fault.addr : 0;
	f.uc.sigmask[0] = mask;
	f.uc.fpstate = fp;
	f.info = *info;
	f.fp_size = fpn;
	if (fp_store(fp, fpn) || copyout(at, &f, sizeof f))
		return -EFAULT;
	tf->rip = t->proc->page->sig_entry & (USER_END - 1);
	tf->rsp = at;
	tf->rdi = (uint64_t)info->signo;
	tf->rsi = at + offsetof(struct abi_sigframe, info);
	tf->rdx = at + offsetof(struct abi_sigframe, uc);
	tf->rcx = at;
	tf->rbp = 0;
	tf->rflags = RFLAGS_USER;
	tf->trapno = TRAP_FULL;
	return 0;
}

/*
 * The image goes straight into the thread's save area: nothing switches threads between the copy
 * that does not fault and the load, so a switch during vm_fault only writes the live state there.
 */
static int fp_load(uint64_t addr, uint64_t n)
{
	struct thread *t = current();
	int code;

	if (n == 0 || n > fpu_size() || addr >= USER_END || addr < VM_BASE)
		return -EINVAL;
	while (copyin_nofault(t->fpu, addr, n))
		for (uint64_t a = addr; a < addr + n; a = (a & -PAGE) + PAGE)
			if (vm_fault(t->proc->vm, a, PROT_READ, &code))
				return -EFAULT;
	if (fpu_sanitize(t->fpu, n)) {
		fpu_init_area(t->fpu);
		fpu_restore(t->fpu);
		return -EINVAL;
	}
	fpu_restore(t->fpu);
	return 0;
}

int frame_load(struct tframe *tf, uint64_t frame, uint64_t *mask)
{
	struct abi_sigframe f;
	int err = copyin(&f, frame, sizeof f);

	*mask = f.uc.sigmask[0];
	if (!err && (f.uc.gregs[G_RIP] >= USER_END || f.uc.gregs[G_RSP] >= USER_END))
		err = -EINVAL;
	if (!err && f.uc.fpstate)
		err = fp_load(f.uc.fpstate, f.fp_size);
	if (!err)
		gregs_load(tf, f.uc.gregs);
	return err;
}
