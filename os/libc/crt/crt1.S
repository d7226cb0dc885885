/* SPDX-License-Identifier: MIT */
/* crt1.S: where a static, non-relocatable program starts: %rsp is the stack of the kernel, %rdi its word. */
	.section .text.startup, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	.cfi_startproc
	.cfi_undefined rip
	xor %ebp, %ebp
	mov %rdi, %rdx
	mov %rsp, %rsi
	lea main(%rip), %rdi
	and $-16, %rsp
	call __libc_start_main
	hlt
	.cfi_endproc
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
