/* SPDX-License-Identifier: MIT */
/*
 * dladdr, dladdr1, dlinfo, _dl_find_object and link_map tell of program and library.
 *
 * so libinfo.so -Wl,-rpath,'$ORIGIN/x:/somewhere'
 * prog main -rdynamic -Wl,-rpath,'$ORIGIN'
 * $ mkdir -p x; ./main
 * > function 1 ./libinfo.so, exact 1, size 1
 * > inside 1
 * > nowhere 0
 * > map 1 ./libinfo.so
 * > origin 1, module 1, data 1, headers 1
 * > /x
 * > /somewhere
 * > object 1 1
 * > main 1
 */
#ifdef IN_info
__thread int t = 3;
int function(int n) { for (int i = 0; i < 9; i++) n *= n; return n; }
int *data(void) { return &t; }
#else
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
	void *h = dlopen("./libinfo.so", RTLD_NOW), *f = dlsym(h, "function"), *p;
	struct dl_find_object o;
	struct link_map *map;
	const Elf64_Sym *sym;
	Dl_serinfo size, *list;
	char path[4096];
	size_t module;
	Dl_info info;
	int r = dladdr1(f, &info, (void **)&sym, RTLD_DL_SYMENT);

	printf("function %d %s, exact %d, size %d\n", r, info.dli_fname, info.dli_saddr == f, sym->st_size > 8);
	printf("inside %d\n", dladdr((char *)f + 5, &info) && !strcmp(info.dli_sname, "function"));
	printf("nowhere %d\n", dladdr(&module, &info));
	r = dladdr1(f, &info, (void **)&map, RTLD_DL_LINKMAP);
	printf("map %d %s\n", r && map->l_addr == (Elf64_Addr)info.dli_fbase, map->l_name);
	r = dlinfo(h, RTLD_DI_ORIGIN, path) == 0 && path[0] == '/';
	dlinfo(h, RTLD_DI_TLS_MODID, &module);
	dlinfo(h, RTLD_DI_TLS_DATA, &p);
	printf("origin %d, module %d, data %d, ", r, module > 0, *(int *)p == 3);
	printf("headers %d\n", dlinfo(h, RTLD_DI_PHDR, &p) > 3);
	dlinfo(h, RTLD_DI_SERINFOSIZE, &size);
	list = malloc(size.dls_size);
	*list = size;
	dlinfo(h, RTLD_DI_SERINFO, list);
	printf("%s\n%s\n", strrchr(list->dls_serpath[0].dls_name, '/'), list->dls_serpath[1].dls_name);
	r = _dl_find_object(f, &o);
	printf("object %d %d\n", !r && o.dlfo_eh_frame > o.dlfo_map_start, _dl_find_object(&module, &o) == -1);
	printf("main %d\n", dladdr((void *)main, &info) && info.dli_saddr == (void *)main);
	return 0;
}
#endif
