/* SPDX-License-Identifier: MIT */
/*
 * tlsdesc.S: the resolvers of TLS descriptors. rax points to the descriptor {resolver, arg};
 * the offset from the thread pointer is returned in rax and no other register may change.
 */
	.text
	.globl __tlsdesc_static
	.hidden __tlsdesc_static
	.type __tlsdesc_static, @function
__tlsdesc_static:
	mov 8(%rax), %rax
	ret
	.size __tlsdesc_static, . - __tlsdesc_static

	/* A weak symbol that nobody defines: its address is arg. */
	.globl __tlsdesc_undefined
	.hidden __tlsdesc_undefined
	.type __tlsdesc_undefined, @function
__tlsdesc_undefined:
	mov 8(%rax), %rax
	sub %fs:0, %rax
	ret
	.size __tlsdesc_undefined, . - __tlsdesc_undefined

	/* arg points to {module, offset}; the module is in this thread's dtv, as dlopen made sure. */
	.globl __tlsdesc_dynamic
	.hidden __tlsdesc_dynamic
	.type __tlsdesc_dynamic, @function
__tlsdesc_dynamic:
	push %rdx
	push %rcx
	mov 8(%rax), %rax
	mov %fs:8, %rdx			/* dtv */
	mov (%rax), %rcx
	mov (%rdx,%rcx,8), %rdx
	add 8(%rax), %rdx
	mov %rdx, %rax
	sub %fs:0, %rax
	pop %rcx
	pop %rdx
	ret
	.size __tlsdesc_dynamic, . - __tlsdesc_dynamic
	.section .note.GNU-stack, "", @progbits
