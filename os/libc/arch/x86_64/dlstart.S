/* SPDX-License-Identifier: MIT */
/*
 * dlstart.S: where the kernel enters libc.so.1 as the program's interpreter. __dls_main relocates
 * and links everything and returns the program's entry, which finds the registers and the stack as
 * the kernel left them; rdx is 0: the dynamic linker wants nothing done at the exit.
 */
	.text
	.globl _dlstart
	.type _dlstart, @function
_dlstart:
	.cfi_startproc
	.cfi_undefined rip
	xor %ebp, %ebp
	mov %rdi, %r12
	mov %rsp, %r13
	mov %rdi, %rsi
	mov %rsp, %rdi
	.hidden _DYNAMIC
	lea _DYNAMIC(%rip), %rdx
	and $-16, %rsp
	call __dls_main
	mov %r13, %rsp
	mov %r12, %rdi
	xor %edx, %edx
	jmp *%rax
	.cfi_endproc
	.size _dlstart, . - _dlstart
	.section .note.GNU-stack, "", @progbits
