/* SPDX-License-Identifier: MIT */
/* link.h: the loaded objects of a program. */
#ifndef _LINK_H
#define _LINK_H

#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

#include <elf.h>
#include <stdint.h>
#include <dlfcn.h>

__BEGIN_DECLS

#define ElfW(type) Elf64_##type
#define __ELF_NATIVE_CLASS 64

struct dl_phdr_info {
	Elf64_Addr dlpi_addr;
	const char *dlpi_name;
	const Elf64_Phdr *dlpi_phdr;
	Elf64_Half dlpi_phnum;
	unsigned long long dlpi_adds;
	unsigned long long dlpi_subs;
	size_t dlpi_tls_modid;
	void *dlpi_tls_data;
};
struct link_map {
	Elf64_Addr l_addr;
	char *l_name;
	Elf64_Dyn *l_ld;
	struct link_map *l_next, *l_prev;
};
struct r_debug {
	int r_version;
	struct link_map *r_map;
	Elf64_Addr r_brk;
	enum { RT_CONSISTENT, RT_ADD, RT_DELETE } r_state;
	Elf64_Addr r_ldbase;
};
extern struct r_debug _r_debug;
extern Elf64_Dyn _DYNAMIC[];

int dl_iterate_phdr(int (*)(struct dl_phdr_info *, size_t, void *), void *);

__END_DECLS

#endif
