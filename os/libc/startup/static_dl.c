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

int dladdr(const void *addr, Dl_info *info)
{
	(void)addr;
	(void)info;
	return 0;
}

int dlinfo(void *handle, int request, void *arg)
{
	(void)handle;
	(void)request;
	(void)arg;
	error = "dlinfo is not supported in a static program";
	return -1;
}
