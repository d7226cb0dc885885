/* SPDX-License-Identifier: MIT */
/* clone.S: int __clone(fn, stack, flags, arg, ptid, tls, ctid); and the end of a thread without a stack. */
	.text
	.globl __clone
	.hidden __clone
	.type __clone, @function
__clone:
	.cfi_startproc
	and $-16, %rsi
	sub $16, %rsi
	mov %rdi, 0(%rsi)		/* fn */
	mov %rcx, 8(%rsi)		/* arg */
	mov %edx, %edi
	mov %r8, %rdx
	mov 8(%rsp), %r10		/* ctid */
	mov %r9, %r8
	mov $56, %eax
	syscall
	test %eax, %eax
	jz 1f
	ret
1:	.cfi_undefined rip
	xor %ebp, %ebp
	pop %rax
	pop %rdi
	call *%rax
	mov %eax, %edi
	mov $60, %eax
	syscall
	hlt
	.cfi_endproc
	.size __clone, . - __clone

	.globl __unmap_and_exit
	.hidden __unmap_and_exit
	.type __unmap_and_exit, @function
__unmap_and_exit:
	mov $11, %eax
	syscall
	xor %edi, %edi
	mov $60, %eax
	syscall
	hlt
	.size __unmap_and_exit, . - __unmap_and_exit
	.section .note.GNU-stack, "", @progbits
