/* SPDX-License-Identifier: MIT */
/*
 * dlbind.S: the first call of a function through the PLT. The stack holds, ascending: the object
 * (GOT[1]), the number of the PLT entry, the return address. All registers that may carry arguments
 * are kept, vector registers by xsave; then the function is entered as if it had been called.
 */
	.text
	.globl __ldso_trampoline
	.hidden __ldso_trampoline
	.type __ldso_trampoline, @function
__ldso_trampoline:
	.cfi_startproc
	.cfi_adjust_cfa_offset 16
	endbr64
	push %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	mov %rsp, %rbx
	.cfi_def_cfa_register %rbx
	push %rax
	push %rcx
	push %rdx
	push %rsi
	push %rdi
	push %r8
	push %r9
	push %r10
	sub __ldso_xsave_size(%rip), %rsp
	and $-64, %rsp
	mov __ldso_xsave_mask(%rip), %eax
	test %eax, %eax
	jz 1f
	xor %edx, %edx
	/* The header is not written as a whole, but read as one. */
	mov %rdx, 512(%rsp)
	mov %rdx, 520(%rsp)
	mov %rdx, 528(%rsp)
	mov %rdx, 536(%rsp)
	mov %rdx, 544(%rsp)
	mov %rdx, 552(%rsp)
	mov %rdx, 560(%rsp)
	mov %rdx, 568(%rsp)
	xsave (%rsp)
	jmp 2f
1:	fxsave (%rsp)
2:	mov 8(%rbx), %rdi
	mov 16(%rbx), %rsi
	cld
	call __ldso_bind_slot
	mov %rax, %r11
	mov __ldso_xsave_mask(%rip), %eax
	test %eax, %eax
	jz 3f
	xor %edx, %edx
	xrstor (%rsp)
	jmp 4f
3:	fxrstor (%rsp)
4:	mov -8(%rbx), %rax
	mov -16(%rbx), %rcx
	mov -24(%rbx), %rdx
	mov -32(%rbx), %rsi
	mov -40(%rbx), %rdi
	mov -48(%rbx), %r8
	mov -56(%rbx), %r9
	mov -64(%rbx), %r10
	mov %rbx, %rsp
	.cfi_def_cfa_register %rsp
	pop %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	lea 16(%rsp), %rsp
	.cfi_adjust_cfa_offset -16
	jmp *%r11
	.cfi_endproc
	.size __ldso_trampoline, . - __ldso_trampoline
	.section .note.GNU-stack, "", @progbits
