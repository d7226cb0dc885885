/* SPDX-License-Identifier: MIT */
/* static_dl.c: the dynamic linker's interface in a static program: itself is the only object. */
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include "../internal/libc.h"
#include "../internal/thread.h"

extern const Elf64_Ehdr __ehdr_start __attribute__((__weak__, __visibility__("hidden")));

int dl_iterate_phdr(int (*fn)(struct dl_phdr_info *, size_t, void *), void *arg)
{
	struct dl_phdr_info info = { .dlpi_name = "", .dlpi_adds = 1 };
	const Elf64_Phdr *ph = (void *)__auxv(__libc.auxv, AT_PHDR);
	size_t n = __auxv(__libc.auxv, AT_PHNUM);

	if (!ph && &__ehdr_start) {
		ph = (void *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
		n = __ehdr_start.e_phnum;
	}
	info.dlpi_phdr = ph;
	info.dlpi_phnum = n;
	if (&__ehdr_start && __ehdr_start.e_type == ET_DYN)
		info.dlpi_addr = (Elf64_Addr)&__ehdr_start;
	if (__libc.tls_head) {
		info.dlpi_tls_modid = 1;
		info.dlpi_tls_data = (void *)__self()->dtv[1];
	}
	return fn(&info, sizeof(info), arg);
}

static const char *error;

void *dlopen(const char *path, int mode)
{
	static char self;

	(void)mode;
	if (!path)
		return &self;
	error = "dynamic loading is not supported by a static program";
	return 0;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
	(void)handle;
	(void)name;
	error = "symbols are not known in a static program";
	return 0;
}

void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
	(void)version;
	return dlsym(handle, name);
}

int dlclose(void *handle)
{
	(void)handle;
	return 0;
}

char *dlerror(void)
{
	const char *e = error;

	error = 0;
	return (char *)e;
}

void *dlmopen(Lmid_t space, const char *path, int mode)
{
	(void)space;
	return dlopen(path, mode);
}

int dladdr(const void *addr, Dl_info *info)
{
	(void)addr;
	(void)info;
	return 0;
}

int dladdr1(const void *addr, Dl_info *info, void **extra, int what)
{
	(void)extra;
	(void)what;
	return dladdr(addr, info);
}

struct place {
	uintptr_t addr;
	struct dl_find_object *o;
};

static int holds(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct place *p = arg;
	int found = 0;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *ph = info->dlpi_phdr + i;
		uintptr_t start = info->dlpi_addr + ph->p_vaddr;
		if (ph->p_type == DLFO_EH_SEGMENT_TYPE)
			p->o->dlfo_eh_frame = (void *)start;
		if (ph->p_type != PT_LOAD || p->addr - start >= ph->p_memsz)
			continue;
		p->o->dlfo_map_start = (void *)start;
		p->o->dlfo_map_end = (void *)(start + ph->p_memsz);
		found = 1;
	}
	return found && p->o->dlfo_eh_frame;
}

int _dl_find_object(void *addr, struct dl_find_object *o)
{
	struct place p = { (uintptr_t)addr, o };

	*o = (struct dl_find_object){0};
	return dl_iterate_phdr(holds, &p) ? 0 : -1;
}

int dlinfo(void *handle, int request, void *arg)
{
	(void)handle;
	(void)request;
	(void)arg;
	error = "dlinfo is not supported in a static program";
	return -1;
}
