/* SPDX-License-Identifier: MIT */
/* private.h: the steps of the start, in their order (main.c). */
#ifndef KERNEL_BOOT_PRIVATE_H
#define KERNEL_BOOT_PRIVATE_H

#include <stdint.h>

void boot_parse(uint32_t how, uint64_t info);
void first_process(void);

#endif
