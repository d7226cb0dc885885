/* SPDX-License-Identifier: MIT */
/* private.h: the steps of the start, in their order (main.c). */
#ifndef KERNEL_BOOT_PRIVATE_H
#define KERNEL_BOOT_PRIVATE_H

#include <stdint.h>

#define KERNEL_LINKED	0xffffffff80000000ul	/* what KERNEL_BASE is in the file */
#define STACK_AREA_SIZE	(1ul << 38)		/* all kernel stacks lie in so much from STACK_AREA on */

void boot_parse(uint32_t how, uint64_t info);
void first_process(void);

#endif
