/* SPDX-License-Identifier: MIT */
/* sys/elf.h: the old name of elf.h. */
#ifndef _SYS_ELF_H
#define _SYS_ELF_H

#include <features.h>
#include <elf.h>

#endif
