/* SPDX-License-Identifier: MIT */
/* rcrt1.S: where a static position-independent program starts: it relocates itself first. */
	.section .text.startup, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	.cfi_startproc
	.cfi_undefined rip
	xor %ebp, %ebp
	mov %rdi, %r12
	mov %rsp, %r13
	and $-16, %rsp
	.weak _DYNAMIC
	.hidden _DYNAMIC
	lea __ehdr_start(%rip), %rdi
	.hidden __ehdr_start
	lea _DYNAMIC(%rip), %rsi
	call __self_relocate
	mov %r12, %rdx
	mov %r13, %rsi
	lea main(%rip), %rdi
	call __libc_start_main
	hlt
	.cfi_endproc
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
