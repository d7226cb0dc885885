/* SPDX-License-Identifier: MIT */
/*
 * setjmp.S: setjmp, longjmp, sigsetjmp. A jmp_buf holds rbx rbp r12-r15 rsp rip, then the flag and
 * the signal mask of sigsetjmp. A saved buffer whose flag is set has its mask restored by longjmp.
 */
#define JB_FLAG 64
#define JB_MASK 72

	.text
	.globl setjmp
	.globl _setjmp
	.globl __setjmp
	.type setjmp, @function
	.type _setjmp, @function
	.type __setjmp, @function
setjmp:
_setjmp:
__setjmp:
	.cfi_startproc
	movq $0, JB_FLAG(%rdi)
.Lsave:
	mov %rbx, 0(%rdi)
	mov %rbp, 8(%rdi)
	mov %r12, 16(%rdi)
	mov %r13, 24(%rdi)
	mov %r14, 32(%rdi)
	mov %r15, 40(%rdi)
	lea 8(%rsp), %rdx
	mov %rdx, 48(%rdi)
	mov (%rsp), %rdx
	mov %rdx, 56(%rdi)
	xor %eax, %eax
	ret
	.cfi_endproc
	.size setjmp, . - setjmp

	.globl sigsetjmp
	.globl __sigsetjmp
	.type sigsetjmp, @function
	.type __sigsetjmp, @function
sigsetjmp:
__sigsetjmp:
	.cfi_startproc
	test %esi, %esi
	jz setjmp
	push %rdi
	.cfi_adjust_cfa_offset 8
	movq $1, JB_FLAG(%rdi)
	lea JB_MASK(%rdi), %rdx
	xor %esi, %esi
	xor %edi, %edi
	call plat_sigprocmask@PLT
	pop %rdi
	.cfi_adjust_cfa_offset -8
	jmp .Lsave
	.cfi_endproc
	.size sigsetjmp, . - sigsetjmp

	.globl longjmp
	.globl _longjmp
	.globl siglongjmp
	.type longjmp, @function
	.type _longjmp, @function
	.type siglongjmp, @function
siglongjmp:
longjmp:
_longjmp:
	.cfi_startproc
	cmpq $0, JB_FLAG(%rdi)
	je 1f
	mov %rdi, %rbx
	mov %esi, %r12d
	and $-16, %rsp
	lea JB_MASK(%rdi), %rsi
	mov $2, %edi			/* SIG_SETMASK */
	xor %edx, %edx
	call plat_sigprocmask@PLT
	mov %rbx, %rdi
	mov %r12d, %esi
1:	mov %esi, %eax
	test %eax, %eax
	jnz 2f
	inc %eax
2:	mov 0(%rdi), %rbx
	mov 8(%rdi), %rbp
	mov 16(%rdi), %r12
	mov 24(%rdi), %r13
	mov 32(%rdi), %r14
	mov 40(%rdi), %r15
	mov 48(%rdi), %rsp
	jmp *56(%rdi)
	.cfi_endproc
	.size longjmp, . - longjmp
	.section .note.GNU-stack, "", @progbits
