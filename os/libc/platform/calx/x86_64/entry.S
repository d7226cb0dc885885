/* SPDX-License-Identifier: MIT */
/* entry.S: where the kernel enters a thread and a signal handler, and the end of a detached thread. */
	.text
	.globl __thread_entry
	.hidden __thread_entry
	.type __thread_entry, @function
__thread_entry:
	.cfi_startproc
	.cfi_undefined rip
	xor %ebp, %ebp
	and $-16, %rsp
	call __thread_begin
	hlt
	.cfi_endproc
	.size __thread_entry, . - __thread_entry

	/* rdi signo, rsi siginfo, rdx ucontext, rcx frame: all is saved in the frame. */
	.globl __sig_entry
	.hidden __sig_entry
	.type __sig_entry, @function
__sig_entry:
	.cfi_startproc
	.cfi_undefined rip
	cld
	and $-16, %rsp
	call __sig_dispatch
	hlt
	.cfi_endproc
	.size __sig_entry, . - __sig_entry

	/* (map, len, ctid): vm_unmap(H_NONE, map, len), then thread_exit(ctid), without a stack. */
	.globl __calx_unmap_exit
	.hidden __calx_unmap_exit
	.type __calx_unmap_exit, @function
__calx_unmap_exit:
	mov %rdx, %r12
	mov %rsi, %rdx
	mov %rdi, %rsi
	mov $-1, %rdi
	mov __nr_vm_unmap(%rip), %eax
	mov __nr_thread_exit(%rip), %r13d
	syscall
	mov %r12, %rdi
	mov %r13d, %eax
	syscall
	hlt
	.size __calx_unmap_exit, . - __calx_unmap_exit
	.section .note.GNU-stack, "", @progbits
