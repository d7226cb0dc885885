/* SPDX-License-Identifier: MIT */
/*
 * Ways into the kernel and out of it. In the kernel gs is the per-CPU base; interrupts are off.
 * The frame built here is struct tframe (cpu.h).
 */
	.set CPU_CURRENT, 8
	.set CPU_KSTACK, 16
	.set CPU_USER_RSP, 24
	.set CPU_NSYS, 32
	.set TRAP_SYSCALL, 256
	.set USER_CS, 0x33
	.set USER_SS, 0x2b

	.macro push_regs
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	.endm

	.section .rodata
	.align 8
	.globl user_patch, user_patch_end
user_patch:			/* addresses of stac and clac: nops without SMAP */
	.macro stac_here
771:	.byte 0x0f, 0x01, 0xcb
	.pushsection .rodata
	.quad 771b
	.popsection
	.endm
	.macro clac_here
772:	.byte 0x0f, 0x01, 0xca
	.pushsection .rodata
	.quad 772b
	.popsection
	.endm
	.text
	.globl syscall_entry
	.type syscall_entry, @function
syscall_entry:
	swapgs
	movq %rsp, %gs:CPU_USER_RSP
	movq %gs:CPU_KSTACK, %rsp
	pushq $USER_SS
	pushq %gs:CPU_USER_RSP
	pushq %r11
	pushq $USER_CS
	pushq %rcx
	pushq %rax
	pushq $TRAP_SYSCALL
	push_regs
	xorl %ebp, %ebp
	movq %r10, %rcx
	cmpq %gs:CPU_NSYS, %rax
	jae 2f
	movq sys_table(, %rax, 8), %rax
	testq %rax, %rax
	jz 2f
	call *%rax
1:	movq %rax, 80(%rsp)
	.globl syscall_return
syscall_return:				/* rsp = frame */
	movq %gs:CPU_CURRENT, %rbx
	cmpl $0, THREAD_WORK(%rbx)
	jne user_work
	movq 120(%rsp), %rax
	cmpq $TRAP_SYSCALL, %rax
	jne full_return
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	addq $8, %rsp			/* rcx */
	popq %rdx
	popq %rsi
	popq %rdi
	movq 16(%rsp), %rcx		/* rip */
	movq 32(%rsp), %r11		/* rflags */
	movq 40(%rsp), %rsp
	swapgs
	sysretq
2:	movq %rsp, %rdi			/* unknown, or traced */
	call sys_slow
	jmp 1b

user_work:
	movq %rsp, %rdi
	call trap_user_exit
	jmp full_return_check

	.globl trap_return
trap_return:				/* rsp = frame; to user or kernel mode */
	testb $3, 144(%rsp)
	jz full_return
full_return_check:
	movq %gs:CPU_CURRENT, %rbx
	cmpl $0, THREAD_WORK(%rbx)
	jne user_work
full_return:
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $16, %rsp
	testb $3, 8(%rsp)
	jz 1f
	swapgs
1:	iretq

trap_common:
	testb $3, 24(%rsp)
	jz 1f
	swapgs
1:	push_regs
	cld
	clac_here
	movq %rsp, %rdi
	xorl %ebp, %ebp
	testb $3, 144(%rsp)
	jnz 2f
	movq 32(%rsp), %rbp
2:	call trap_handle
	jmp trap_return

/* On its own stack, in any state of gs: double fault, NMI, debug, machine check. */
trap_paranoid:
	testb $3, 24(%rsp)
	jz 1f
	/* From user mode: move to the thread's stack and go on as an ordinary trap. */
	swapgs
	pushq %rax
	movq %rsp, %rax
	movq %gs:CPU_KSTACK, %rsp
	pushq 56(%rax)
	pushq 48(%rax)
	pushq 40(%rax)
	pushq 32(%rax)
	pushq 24(%rax)
	pushq 16(%rax)
	pushq 8(%rax)
	movq (%rax), %rax
	push_regs
	cld
	movq %rsp, %rdi
	xorl %ebp, %ebp
	call trap_handle
	jmp trap_return
1:	push_regs
	cld
	movl $0xc0000101, %ecx
	rdmsr
	xorl %ebx, %ebx
	testl %edx, %edx
	js 2f
	swapgs
	incl %ebx
2:	movq %rsp, %rdi
	movq 32(%rsp), %rbp
	call trap_handle
	testl %ebx, %ebx
	jz 3f
	swapgs
3:	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	addq $16, %rsp
	iretq

/* 256 stubs of 16 bytes: error code where the CPU gives none, vector, the common part. */
	.globl trap_stubs
	.align 16
trap_stubs:
	.set n, 0
	.rept 256
	.align 16
	.if !(n == 8 || (n >= 10 && n <= 14) || n == 17 || n == 21 || n == 29 || n == 30)
	pushq $0
	.endif
	pushq $n
	.if n == 1 || n == 2 || n == 8 || n == 18
	jmp trap_paranoid
	.else
	jmp trap_common
	.endif
	.set n, n + 1
	.endr

/* void switch_stack(uint64_t *save, uint64_t to) */
	.globl switch_stack
	.type switch_stack, @function
switch_stack:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret

/* The first steps of a thread: rbx = 0: to user mode by the frame above; else kernel function rbx(r12). */
	.globl thread_first
thread_first:
	call sched_switched
	testq %rbx, %rbx
	jz trap_return
	movq %r12, %rdi
	xorl %ebp, %ebp
	call *%rbx
	ud2

/*
 * Copies that may touch user memory. A fault between user_begin and user_end that vm_fault cannot
 * resolve continues at user_fault. stac/clac are patched to nops where the CPU has no SMAP.
 * int user_copy(void *d, const void *s, size_t n): 0 or -EFAULT; the caller checked the range.
 */
	.globl user_copy, user_begin, user_end, user_fault
	.type user_copy, @function
user_copy:
	stac_here
user_begin:
	cmpq $64, %rdx
	jae 4f
1:	movq %rdx, %rcx			/* words from behind: the index runs up to 0 */
	shrq $3, %rcx
	jz 3f
	leaq (%rsi,%rcx,8), %rsi
	leaq (%rdi,%rcx,8), %rdi
	negq %rcx
2:	movq (%rsi,%rcx,8), %rax
	movq %rax, (%rdi,%rcx,8)
	incq %rcx
	jnz 2b
3:	andl $7, %edx
	jz 9f
5:	movb (%rsi), %al
	movb %al, (%rdi)
	incq %rsi
	incq %rdi
	decl %edx
	jnz 5b
9:	xorl %eax, %eax
user_end:
	clac_here
	ret
	/* Large: through vector registers, which are kept; what is left over goes the small way. */
4:	movq %rdx, %rcx
	cmpb $0, cpu_avx(%rip)
	jne 7f
	subq $72, %rsp
	movdqu %xmm0, (%rsp)
	movdqu %xmm1, 16(%rsp)
	movdqu %xmm2, 32(%rsp)
	movdqu %xmm3, 48(%rsp)
	shrq $6, %rcx
user_sse_begin:
	movdqu (%rsi), %xmm0
	movdqu 16(%rsi), %xmm1
	movdqu 32(%rsi), %xmm2
	movdqu 48(%rsi), %xmm3
	movdqu %xmm0, (%rdi)
	movdqu %xmm1, 16(%rdi)
	movdqu %xmm2, 32(%rdi)
	movdqu %xmm3, 48(%rdi)
	addq $64, %rsi
	addq $64, %rdi
	decq %rcx
	jnz user_sse_begin
user_sse_end:
	call sse_back
	andl $63, %edx
	jmp 1b
7:	subq $136, %rsp
	vmovdqu %ymm0, (%rsp)
	vmovdqu %ymm1, 32(%rsp)
	vmovdqu %ymm2, 64(%rsp)
	vmovdqu %ymm3, 96(%rsp)
	shrq $7, %rcx
	jnz 8f
user_avx_begin:				/* 64 to 127 bytes: both halves overlap */
	vmovdqu (%rsi), %ymm0
	vmovdqu 32(%rsi), %ymm1
	vmovdqu -64(%rsi,%rdx), %ymm2
	vmovdqu -32(%rsi,%rdx), %ymm3
	vmovdqu %ymm0, (%rdi)
	vmovdqu %ymm1, 32(%rdi)
	vmovdqu %ymm2, -64(%rdi,%rdx)
	vmovdqu %ymm3, -32(%rdi,%rdx)
	call avx_back
	jmp 9b
8:	vmovdqu (%rsi), %ymm0
	vmovdqu 32(%rsi), %ymm1
	vmovdqu 64(%rsi), %ymm2
	vmovdqu 96(%rsi), %ymm3
	vmovdqu %ymm0, (%rdi)
	vmovdqu %ymm1, 32(%rdi)
	vmovdqu %ymm2, 64(%rdi)
	vmovdqu %ymm3, 96(%rdi)
	subq $-128, %rsi
	subq $-128, %rdi
	decq %rcx
	jnz 8b
user_avx_end:
	call avx_back
	andl $127, %edx
	jmp 1b
sse_back:
	movdqu 8(%rsp), %xmm0
	movdqu 24(%rsp), %xmm1
	movdqu 40(%rsp), %xmm2
	movdqu 56(%rsp), %xmm3
	ret $72
avx_back:
	vmovdqu 8(%rsp), %ymm0
	vmovdqu 40(%rsp), %ymm1
	vmovdqu 72(%rsp), %ymm2
	vmovdqu 104(%rsp), %ymm3
	ret $136
	.globl user_sse_begin, user_sse_end, user_avx_begin, user_avx_end
	.globl user_fault_sse, user_fault_avx
user_fault_sse:
	call sse_back
	jmp user_fault
user_fault_avx:
	call avx_back
user_fault:
	clac_here
	movl $-14, %eax
	ret

/*
 * int user_copy_N(void *d, const void *s): the same for the sizes that messages have, through one register. The
 * last 32 bytes may overlap those before.
 */
	.macro user_copy_fixed n
	.globl user_copy_\n
	.type user_copy_\n, @function
user_copy_\n:
	movl $\n, %edx
	cmpb $0, cpu_avx(%rip)
	je user_copy
	stac_here
	subq $40, %rsp
	vmovdqu %ymm0, (%rsp)
user_fixed_\n:
	.set off, 0
	.rept \n / 32
	vmovdqu off(%rsi), %ymm0
	vmovdqu %ymm0, off(%rdi)
	.set off, off + 32
	.endr
	.if \n & 31
	vmovdqu \n - 32(%rsi), %ymm0
	vmovdqu %ymm0, \n - 32(%rdi)
	.endif
user_fixed_end_\n:
	vmovdqu (%rsp), %ymm0
	addq $40, %rsp
	clac_here
	xorl %eax, %eax
	ret
	.endm
	user_copy_fixed 64
	user_copy_fixed 120
	user_copy_fixed 160
	.globl user_fixed_64, user_fixed_end_160, user_fault_fixed
user_fault_fixed:
	vmovdqu (%rsp), %ymm0
	addq $40, %rsp
	jmp user_fault

/*
 * int user_load(uint32_t *d, const void *user), int user_store(void *user, uint32_t v),
 * int user_cas(void *user, uint32_t was, uint32_t v): 1 when it was another.
 */
	.globl user_load, user_store, user_cas, user_begin2, user_end2
user_load:
	stac_here
user_begin2:
	movl (%rsi), %eax
	jmp 1f
user_store_word:
	movl %esi, (%rdi)
	jmp 2f
user_cas_word:
	lock cmpxchgl %edx, (%rdi)
	jmp 3f
user_end2:
1:	clac_here
	movl %eax, (%rdi)
	xorl %eax, %eax
	ret
user_store:
	stac_here
	jmp user_store_word
2:	clac_here
	xorl %eax, %eax
	ret
user_cas:
	stac_here
	movl %esi, %eax
	jmp user_cas_word
3:	clac_here
	setne %al
	movzbl %al, %eax
	ret
	.section .rodata
user_patch_end:

/* void page_zero(void *), void page_copy(void *d, const void *s): vector registers are kept. */
	.text
	.globl page_zero, page_copy
page_zero:
	cmpb $0, cpu_avx(%rip)
	jne 2f
	subq $24, %rsp
	movdqu %xmm0, (%rsp)
	pxor %xmm0, %xmm0
	movl $32, %ecx
1:	movaps %xmm0, (%rdi)
	movaps %xmm0, 16(%rdi)
	movaps %xmm0, 32(%rdi)
	movaps %xmm0, 48(%rdi)
	movaps %xmm0, 64(%rdi)
	movaps %xmm0, 80(%rdi)
	movaps %xmm0, 96(%rdi)
	movaps %xmm0, 112(%rdi)
	subq $-128, %rdi
	decl %ecx
	jnz 1b
	movdqu (%rsp), %xmm0
	addq $24, %rsp
	ret
2:	subq $40, %rsp
	vmovdqu %ymm0, (%rsp)
	vpxor %xmm0, %xmm0, %xmm0
	movl $4, %ecx
3:	.set off, 0
	.rept 32
	vmovdqa %ymm0, off(%rdi)
	.set off, off + 32
	.endr
	addq $1024, %rdi
	decl %ecx
	jnz 3b
	vmovdqu (%rsp), %ymm0
	addq $40, %rsp
	ret
page_copy:
	cmpb $0, cpu_avx(%rip)
	jne 2f
	subq $40, %rsp
	movdqu %xmm0, (%rsp)
	movdqu %xmm1, 16(%rsp)
	movl $64, %ecx
1:	movaps (%rsi), %xmm0
	movaps 16(%rsi), %xmm1
	movaps %xmm0, (%rdi)
	movaps %xmm1, 16(%rdi)
	movaps 32(%rsi), %xmm0
	movaps 48(%rsi), %xmm1
	movaps %xmm0, 32(%rdi)
	movaps %xmm1, 48(%rdi)
	addq $64, %rsi
	addq $64, %rdi
	decl %ecx
	jnz 1b
	movdqu (%rsp), %xmm0
	movdqu 16(%rsp), %xmm1
	addq $40, %rsp
	ret
2:	subq $72, %rsp
	vmovdqu %ymm0, (%rsp)
	vmovdqu %ymm1, 32(%rsp)
	movl $8, %ecx
3:	.set off, 0
	.rept 8
	vmovdqa off(%rsi), %ymm0
	vmovdqa off + 32(%rsi), %ymm1
	vmovdqa %ymm0, off(%rdi)
	vmovdqa %ymm1, off + 32(%rdi)
	.set off, off + 64
	.endr
	addq $512, %rsi
	addq $512, %rdi
	decl %ecx
	jnz 3b
	vmovdqu (%rsp), %ymm0
	vmovdqu 32(%rsp), %ymm1
	addq $72, %rsp
	ret
	.section .note.GNU-stack, "", @progbits
