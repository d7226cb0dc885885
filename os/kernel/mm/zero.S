/* SPDX-License-Identifier: MIT */
/*
 * zero.S: pages that a program is to see for the first time.
 * void pages_zero(const uint32_t *number, unsigned n, void *direct_map): n frames, at least one; vector registers
 * are kept.
 */
	.text
	.globl pages_zero
	.type pages_zero, @function
pages_zero:
	cmpb $0, cpu_avx(%rip)
	jne 2f
	subq $24, %rsp
	movdqu %xmm0, (%rsp)
	pxor %xmm0, %xmm0
1:	movl (%rdi), %eax
	shlq $12, %rax
	addq %rdx, %rax
	.set off, 0
	.rept 256
	movaps %xmm0, off(%rax)
	.set off, off + 16
	.endr
	addq $4, %rdi
	decl %esi
	jnz 1b
	movdqu (%rsp), %xmm0
	addq $24, %rsp
	ret
2:	subq $40, %rsp
	vmovdqu %ymm0, (%rsp)
	vpxor %xmm0, %xmm0, %xmm0
3:	movl (%rdi), %eax
	shlq $12, %rax
	addq %rdx, %rax
	.set off, 0
	.rept 128
	vmovdqa %ymm0, off(%rax)
	.set off, off + 32
	.endr
	addq $4, %rdi
	decl %esi
	jnz 3b
	vmovdqu (%rsp), %ymm0
	addq $40, %rsp
	ret
	.section .note.GNU-stack, "", @progbits
