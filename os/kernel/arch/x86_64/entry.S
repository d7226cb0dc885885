/* SPDX-License-Identifier: MIT */
/*
 * Ways into the kernel and out of it. In the kernel gs is the per-CPU base; interrupts are off.
 * The frame built here is struct tframe (cpu.h).
 */
	.set CPU_CURRENT, 8
	.set CPU_KSTACK, 16
	.set THREAD_WORK, 36		/* checked in trap.c */
	.set CPU_USER_RSP, 24
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
	cmpq syscall_count(%rip), %rax
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
2:	movq $-38, %rax			/* ENOSYS */
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
	cmpq $256, %rdx
	jae 4f
	movq %rdx, %rcx
	shrq $5, %rcx
	jz 7f
6:	movq (%rsi), %rax		/* middling: 32 bytes a turn */
	movq 8(%rsi), %r8
	movq 16(%rsi), %r9
	movq 24(%rsi), %r10
	movq %rax, (%rdi)
	movq %r8, 8(%rdi)
	movq %r9, 16(%rdi)
	movq %r10, 24(%rdi)
	addq $32, %rsi
	addq $32, %rdi
	decq %rcx
	jnz 6b
	andl $31, %edx
7:	movl %edx, %ecx
	shrl $3, %ecx
	jz 2f
1:	movq (%rsi), %rax
	movq %rax, (%rdi)
	addq $8, %rsi
	addq $8, %rdi
	decq %rcx
	jnz 1b
2:	andl $7, %edx
	jz 9f
3:	movb (%rsi), %al
	movb %al, (%rdi)
	incq %rsi
	incq %rdi
	decl %edx
	jnz 3b
	jmp 9f
4:	subq $80, %rsp			/* large: 64 bytes a turn through xmm0-3, which are kept */
	movdqu %xmm0, (%rsp)
	movdqu %xmm1, 16(%rsp)
	movdqu %xmm2, 32(%rsp)
	movdqu %xmm3, 48(%rsp)
	movq %rdx, %rcx
	shrq $6, %rcx
5:	movdqu (%rsi), %xmm0
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
	jnz 5b
user_large_end:
	movdqu (%rsp), %xmm0
	movdqu 16(%rsp), %xmm1
	movdqu 32(%rsp), %xmm2
	movdqu 48(%rsp), %xmm3
	addq $80, %rsp
	andl $63, %edx
	movq %rdx, %rcx
	shrq $3, %rcx
	jnz 1b
	jmp 2b
9:
	xorl %eax, %eax
user_end:
	clac_here
	ret
user_fault:
	clac_here
	movl $-14, %eax
	ret
	.globl user_fault_large
user_fault_large:
	movdqu (%rsp), %xmm0
	movdqu 16(%rsp), %xmm1
	movdqu 32(%rsp), %xmm2
	movdqu 48(%rsp), %xmm3
	addq $80, %rsp
	jmp user_fault
	.globl user_large_begin, user_large_end
	.set user_large_begin, 5b

/* int user_load(uint32_t *d, const void *user), int user_store(void *user, uint32_t v) */
	.globl user_load, user_store, user_begin2, user_end2
user_load:
	stac_here
user_begin2:
	movl (%rsi), %eax
	jmp 1f
user_store_word:
	movl %esi, (%rdi)
	jmp 2f
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
	.section .rodata
user_patch_end:

/* void page_zero_sse(void *), void page_copy_sse(void *d, const void *s): xmm registers are kept. */
	.text
	.globl page_zero, page_copy
page_zero:
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
page_copy:
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
	.section .note.GNU-stack, "", @progbits
