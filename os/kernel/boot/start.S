/* SPDX-License-Identifier: MIT */
/*
 * From the loader to C: entered in 32-bit protected mode without paging, by PVH (ebx = start info)
 * or multiboot2 (eax = magic, ebx = information). Maps the low 4 GiB identically (code only in the
 * first), enters long mode, has boot_place find places for everything, and calls kernel_main(how, info) there.
 */
#define KERNEL_BASE	0xffffffff80000000
#define PA(x)		((x) - KERNEL_BASE)

	.section .note.Xen, "a", @note
	.align 4
	.long 4, 8, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.quad PA(pvh_start)

	.section .multiboot, "a"
	.align 8
mb_header:
	.long 0xe85250d6, 0, mb_end - mb_header, -(0xe85250d6 + mb_end - mb_header)
	.align 8
	.short 5, 1			/* frame buffer: optional, any size */
	.long 20, 0, 0, 32
	.align 8
	.short 6, 0			/* modules on page borders */
	.long 8
	.align 8
	.short 0, 0
	.long 8
mb_end:

	.section .text.boot, "ax"
	.code32
	.globl pvh_start, multiboot_start
pvh_start:
	xorl %edi, %edi
	jmp 1f
multiboot_start:
	movl %eax, %edi
1:	cld
	cli
	movl %ebx, %esi
	movl $PA(boot_stack_top), %esp
	/* The loader zeroed .bss. Five page directories of 2 MiB pages: [0] executable, 1-4 not. */
	movl $PA(boot_pd), %ebx
	movl $0x183, %eax
	movl $512, %ecx
2:	movl %eax, (%ebx)
	addl $0x200000, %eax
	addl $8, %ebx
	loop 2b
	movl $0x183, %eax
	movl $2048, %ecx
3:	movl %eax, (%ebx)
	movl $0x80000000, 4(%ebx)
	addl $0x200000, %eax
	addl $8, %ebx
	loop 3b
	movl $PA(boot_pd) + 3, boot_pdpt_low - KERNEL_BASE
	movl $PA(boot_pd) + 0x2003, boot_pdpt_low - KERNEL_BASE + 8
	movl $PA(boot_pd) + 0x3003, boot_pdpt_low - KERNEL_BASE + 16
	movl $PA(boot_pd) + 0x4003, boot_pdpt_low - KERNEL_BASE + 24
	movl $PA(boot_pdpt_low) + 3, boot_pml4 - KERNEL_BASE
	movl $PA(boot_gdt_ptr), %eax
	lgdt (%eax)
	call long_mode
	ljmp $8, $PA(1f)
	.code64
1:	movl $0x10, %eax
	movl %eax, %ss
	movl %eax, %ds
	movl %eax, %es
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	movl $PA(boot_stack_top), %esp
	xorl %ebp, %ebp
	movl %edi, %edi
	movl %esi, %esi
	movq %rdi, %rbx
	movq %rsi, %r12
	call boot_place
	movabsq $2f, %rax		/* changed just now, as all addresses below */
	jmp *%rax
2:	movq $boot_stack_top, %rsp
	movq %rbx, %rdi
	movq %r12, %rsi
	call kernel_main
	ud2

	/* PAE, the boot page table, NX and paging; clobbers eax ecx edx. Used by every CPU. */
	.code32
long_mode:
	movl $0x6a0, %eax		/* PAE PGE OSFXSR OSXMMEXCPT */
	movl %eax, %cr4
	movl $PA(boot_pml4), %eax
	movl %eax, %cr3
	movl $0xc0000080, %ecx
	xorl %edx, %edx
	movl $0x901, %eax		/* SCE LME NXE */
	wrmsr
	movl $0x80010033, %eax		/* PG WP NE ET MP PE */
	movl %eax, %cr0
	ret

	/* The code that a started CPU runs first, copied to physical ap_page (real mode, cs = page). */
	.section .rodata
	.globl ap_code, ap_code_end
	.align 16
	.code16
ap_code:
	cli
	cld
	movw %cs, %ax
	movw %ax, %ds
	lgdtl (ap_gdt_ptr - ap_code)
	movl %cr0, %eax
	orl $1, %eax
	movl %eax, %cr0
	ljmpl $0x18, $PA(ap_start32)
	.align 4
ap_gdt_ptr:
	.word 31
	.long PA(boot_gdt)
ap_code_end:

	.section .text.boot, "ax"
	.code32
ap_start32:
	movl $0x10, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl $PA(ap_temp_stack), %esp
	/* One CPU at a time uses the temporary stack: the starter waits for each. */
	call long_mode
	ljmp $8, $PA(1f)
	.code64
1:	movabsq $2f, %rax
	jmp *%rax
2:	movq ap_stack(%rip), %rsp
	movq ap_cpu(%rip), %rdi
	xorl %ebp, %ebp
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	call cpu_ap_main
	ud2

	.section .rodata
	.align 8
	.globl boot_gdt
boot_gdt:
	.quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
boot_gdt_ptr:
	.word 31
	.long PA(boot_gdt)
	.long 0

	.bss
	.align 4096
	.globl boot_pml4, boot_pd, boot_pdpt_direct, boot_pdpt_high
boot_pml4:	.skip 4096
boot_pdpt_low:	.skip 4096
boot_pdpt_high:	.skip 4096
boot_pdpt_direct: .skip 4096
boot_pd:	.skip 5 * 4096
boot_stack:	.skip 16384
boot_stack_top:
	.skip 256
ap_temp_stack:
	.globl ap_stack, ap_cpu
ap_stack:	.skip 8
ap_cpu:		.skip 8
	.section .note.GNU-stack, "", @progbits
