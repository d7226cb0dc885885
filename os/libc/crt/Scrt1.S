/* SPDX-License-Identifier: MIT */
/* Scrt1.S: where a dynamic program starts: %rsp is the stack of the kernel, %rdi its word. */
	.section .text.startup, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	.cfi_startproc
	.cfi_undefined rip
	xor %ebp, %ebp
	mov %rdi, %rdx
	mov %rsp, %rsi
	mov main@GOTPCREL(%rip), %rdi
	and $-16, %rsp
	call __libc_start_main@PLT
	hlt
	.cfi_endproc
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
