/* SPDX-License-Identifier: MIT */
/*
 * ucontext.S: getcontext, setcontext, swapcontext. What a function call keeps is saved, and for
 * contexts made by makecontext the argument registers; the signal mask; the floating point control.
 */
#define R8 40
#define R9 48
#define R12 72
#define R13 80
#define R14 88
#define R15 96
#define RDI 104
#define RSI 112
#define RBP 120
#define RBX 128
#define RDX 136
#define RCX 152
#define RSP 160
#define RIP 168
#define FPREGS 224
#define SIGMASK 296
#define FPMEM 424

	.macro SAVE
	mov %r8, R8(%rdi)
	mov %r9, R9(%rdi)
	mov %r12, R12(%rdi)
	mov %r13, R13(%rdi)
	mov %r14, R14(%rdi)
	mov %r15, R15(%rdi)
	mov %rdi, RDI(%rdi)
	mov %rsi, RSI(%rdi)
	mov %rbp, RBP(%rdi)
	mov %rbx, RBX(%rdi)
	mov %rdx, RDX(%rdi)
	mov %rcx, RCX(%rdi)
	mov (%rsp), %rcx
	mov %rcx, RIP(%rdi)
	lea 8(%rsp), %rcx
	mov %rcx, RSP(%rdi)
	lea FPMEM(%rdi), %rcx
	mov %rcx, FPREGS(%rdi)
	fnstenv (%rcx)
	fldenv (%rcx)
	stmxcsr 24(%rcx)
	.endm

	/* Exchanges the signal mask: %rsi is the new set, %rdx where the old one goes. */
	.macro SETMASK
	mov $2, %edi
	call plat_sigprocmask@PLT
	.endm

	.text
	.globl getcontext
	.type getcontext, @function
getcontext:
	.cfi_startproc
	SAVE
	lea SIGMASK(%rdi), %rdx
	xor %esi, %esi
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	SETMASK
	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	xor %eax, %eax
	ret
	.cfi_endproc
	.size getcontext, . - getcontext

	.globl setcontext
	.type setcontext, @function
setcontext:
	.cfi_startproc
	push %rdi
	.cfi_adjust_cfa_offset 8
	lea SIGMASK(%rdi), %rsi
	xor %edx, %edx
	SETMASK
	pop %rdi
	.cfi_adjust_cfa_offset -8
.Lrestore:
	mov FPREGS(%rdi), %rcx
	fldenv (%rcx)
	ldmxcsr 24(%rcx)
	mov R8(%rdi), %r8
	mov R9(%rdi), %r9
	mov R12(%rdi), %r12
	mov R13(%rdi), %r13
	mov R14(%rdi), %r14
	mov R15(%rdi), %r15
	mov RSI(%rdi), %rsi
	mov RBP(%rdi), %rbp
	mov RBX(%rdi), %rbx
	mov RDX(%rdi), %rdx
	mov RSP(%rdi), %rsp
	mov RCX(%rdi), %rcx
	push RIP(%rdi)
	mov RDI(%rdi), %rdi
	xor %eax, %eax
	ret
	.cfi_endproc
	.size setcontext, . - setcontext

	.globl swapcontext
	.type swapcontext, @function
swapcontext:
	.cfi_startproc
	SAVE
	push %rsi
	.cfi_adjust_cfa_offset 8
	lea SIGMASK(%rdi), %rdx
	lea SIGMASK(%rsi), %rsi
	SETMASK
	pop %rdi
	.cfi_adjust_cfa_offset -8
	jmp .Lrestore
	.cfi_endproc
	.size swapcontext, . - swapcontext

	/* Where a made context's function returns to: %rbx points to its uc_link on its stack. */
	.globl __context_end
	.hidden __context_end
	.type __context_end, @function
__context_end:
	mov %rbx, %rsp
	mov (%rbx), %rdi
	and $-16, %rsp
	test %rdi, %rdi
	jz 1f
	call setcontext
1:	xor %edi, %edi
	call exit@PLT
	hlt
	.size __context_end, . - __context_end

	.section .note.GNU-stack,"",@progbits
