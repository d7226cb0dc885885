/* SPDX-License-Identifier: MIT */
/* dlfcn.h: shared objects at run time. */
#ifndef _DLFCN_H
#define _DLFCN_H

#include <features.h>

#if __VISIBLE_MORE
#define __NEED_size_t
#endif
#include <bits/alltypes.h>

__BEGIN_DECLS

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_GLOBAL 256
#define RTLD_LOCAL 0

int dlclose(void *);
char *dlerror(void);
void *dlopen(const char *, int);
void *dlsym(void *__restrict, const char *__restrict);

struct link_map;

#if __VISIBLE_POSIX2024
typedef struct {
	const char *dli_fname;
	void *dli_fbase;
	const char *dli_sname;
	void *dli_saddr;
} Dl_info;
typedef Dl_info Dl_info_t;

int dladdr(const void *, Dl_info *);
#endif

#if __VISIBLE_MORE
#define RTLD_NOLOAD 4
#define RTLD_DEEPBIND 8
#define RTLD_NODELETE 4096
#define RTLD_NEXT ((void *)-1)
#define RTLD_DEFAULT ((void *)0)
#define RTLD_DI_LMID 1
#define RTLD_DI_LINKMAP 2
#define RTLD_DI_SERINFO 4
#define RTLD_DI_SERINFOSIZE 5
#define RTLD_DI_ORIGIN 6
#define RTLD_DI_TLS_MODID 9
#define RTLD_DI_TLS_DATA 10
#define RTLD_DI_PHDR 11
#define RTLD_DL_SYMENT 1
#define RTLD_DL_LINKMAP 2
#define LM_ID_BASE 0
#define LM_ID_NEWLM (-1)

typedef long Lmid_t;

/* RTLD_DI_SERINFO: the directories that are searched; RTLD_DI_SERINFOSIZE fills in size and count. */
typedef struct {
	char *dls_name;
	unsigned dls_flags;
} Dl_serpath;
typedef struct {
	size_t dls_size;
	unsigned dls_cnt;
	Dl_serpath dls_serpath[1];
} Dl_serinfo;

void *dlvsym(void *__restrict, const char *__restrict, const char *__restrict);
void *dlmopen(Lmid_t, const char *, int);
int dladdr1(const void *, Dl_info *, void **, int);
int dlinfo(void *, int, void *);

/* The object that holds an address and its table for unwinding: what exceptions look at. */
#define DLFO_STRUCT_HAS_EH_DBASE 0
#define DLFO_STRUCT_HAS_EH_COUNT 0
#define DLFO_EH_SEGMENT_TYPE 0x6474e550

struct dl_find_object {
	unsigned long long dlfo_flags;
	void *dlfo_map_start;		/* [start, end) of the object's mapping */
	void *dlfo_map_end;
	struct link_map *dlfo_link_map;
	void *dlfo_eh_frame;		/* its PT_GNU_EH_FRAME segment */
	unsigned long long __reserved[7];
};

int _dl_find_object(void *, struct dl_find_object *);	/* 0, or -1: in no object; async-signal-safe */
#endif

__END_DECLS

#endif
