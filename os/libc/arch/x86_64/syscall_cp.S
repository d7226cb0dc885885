/* SPDX-License-Identifier: MIT */
/*
 * syscall_cp.S: a system call that a cancellation can end before it has done anything.
 *
 * long __sys_cp(nr, a, b, c, d, e, f). Between __cp_begin and __cp_end nothing has happened yet:
 * the cancellation's signal handler moves a thread found there to __cp_cancel, which returns
 * -ECANCELED. A restarted call is found at the syscall instruction, thus inside. The offsets are
 * those of struct tcb (checked in thread/cancel.c).
 */
#define THREAD_CANCEL 60
#define THREAD_CP 64

	.text
	.globl __sys_cp
	.hidden __sys_cp
	.type __sys_cp, @function
	.globl __cp_begin
	.hidden __cp_begin
	.globl __cp_end
	.hidden __cp_end
	.globl __cp_cancel
	.hidden __cp_cancel
__sys_cp:
	.cfi_startproc
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
	mov 8(%rsp), %r9
__cp_begin:
	cmpl $0, %fs:THREAD_CP
	je 1f
	cmpl $0, %fs:THREAD_CANCEL
	jne __cp_cancel
1:	syscall
__cp_end:
	ret
__cp_cancel:
	mov $-125, %rax
	ret
	.cfi_endproc
	.size __sys_cp, . - __sys_cp
	.section .note.GNU-stack, "", @progbits
