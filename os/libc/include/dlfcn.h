/* SPDX-License-Identifier: MIT */
/* dlfcn.h: shared objects at run time. */
#ifndef _DLFCN_H
#define _DLFCN_H

#include <features.h>
#include <bits/alltypes.h>

__BEGIN_DECLS

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_NOLOAD 4
#define RTLD_DEEPBIND 8
#define RTLD_GLOBAL 256
#define RTLD_LOCAL 0
#define RTLD_NODELETE 4096
#define RTLD_NEXT ((void *)-1)
#define RTLD_DEFAULT ((void *)0)
#define RTLD_DI_LINKMAP 2

typedef struct {
	const char *dli_fname;
	void *dli_fbase;
	const char *dli_sname;
	void *dli_saddr;
} Dl_info;
typedef Dl_info Dl_info_t;

int dlclose(void *);
char *dlerror(void);
void *dlopen(const char *, int);
void *dlsym(void *__restrict, const char *__restrict);
void *dlvsym(void *__restrict, const char *__restrict, const char *__restrict);
int dladdr(const void *, Dl_info *);
int dlinfo(void *, int, void *);

__END_DECLS

#endif
