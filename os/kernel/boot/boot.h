/* SPDX-License-Identifier: MIT */
/* boot.h: what the loader and the firmware told us. */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/dev.h"

struct mem;

struct boot_range { uint64_t base, len; bool ram; };

extern struct boot_info {
	char cmdline[1024];
	struct boot_range map[64];
	uint32_t nmap;
	uint64_t initrd, initrd_len;	/* physical; len 0: none */
	uint64_t rsdp;			/* physical, 0: none found */
	struct dev_fb fb;		/* base 0: none */
} boot_info;

/* "name=value" or "name" on the command line: the value ("" without one), or NULL. In buf. */
const char *boot_option(const char *name, char *buf, uint64_t n);
struct mem *boot_mem(void);		/* the boot archive, or NULL; not referenced anew */

/* From ACPI's tables. */
extern struct dev_ecam acpi_ecam;	/* base 0: none */
uint64_t acpi_rsdp(void);

/* A file of the boot archive (ustar): its bytes, or NULL. */
const void *boot_file(const char *name, uint64_t *len);

struct vm;
/* Loads a static or static-pie ELF64 image: segments, and the entry. 0 or -ENOEXEC, -ENOMEM. */
int elf_load(struct vm *vm, const void *image, uint64_t len, uint64_t *entry, uint64_t *phdr,
	     uint16_t *phnum);

/*
 * The object half supplies: makes the first process in vm (its first thread starts at entry with
 * rsp), with the all-allowing dev handle. Returns its number, which the stack names; see proc_first.
 */
int proc_first(struct vm *vm, uint64_t entry, uint64_t sp, const char *name);
#define FIRST_DEV_HANDLE H_HIGH		/* the dev handle of init is always this */

#endif
