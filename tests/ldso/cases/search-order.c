/* SPDX-License-Identifier: MIT */
/*
 * DT_RPATH comes before LD_LIBRARY_PATH, DT_RUNPATH after it; a library's RUNPATH is its own alone,
 * an RPATH holds for what its dependencies need too; $ORIGIN is the object's folder, not the current.
 *
 * so libw.so -DWHO=1
 * prog rpath libw.so -Wl,--disable-new-dtags,-rpath,'${ORIGIN}/one'
 * prog runpath libw.so -Wl,--enable-new-dtags,-rpath,'$ORIGIN/one'
 * so libmid.so libw.so
 * prog deep_rpath -DMID libmid.so -Wl,--disable-new-dtags,-rpath,'$ORIGIN/one:$ORIGIN'
 * prog deep_runpath -DMID libmid.so -Wl,--enable-new-dtags,-rpath,'$ORIGIN/one:$ORIGIN'
 * $ mkdir -p one two; cp libw.so one/; rm -f libw.so two/libw.so
 * $ cp libmid.so two/libw.so; cd two; export LD_LIBRARY_PATH=../env
 * $ mkdir -p ../env; cp ../one/libw.so ../env/libw.so
 * $ ../rpath; ../runpath; ../deep_rpath; ../deep_runpath
 * $ LD_LIBRARY_PATH= ../deep_runpath
 * > from one
 * > from env
 * > from one
 * > from env
 * > ../deep_runpath: error while loading shared libraries: libw.so: cannot open shared object file: No such file or directory
 */
#ifdef IN_w
int who(void) { return 0; }
#elif defined(IN_mid)
int who(void);
int mid(void) { return who(); }
#else
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
int who(void), mid(void);
int main(void)
{
	char buf[4096] = "";
	Dl_info info;
#ifdef MID
	mid();
#else
	who();
#endif
	dladdr(dlsym(RTLD_DEFAULT, "who"), &info);
	strcpy(buf, info.dli_fname);
	*strrchr(buf, '/') = 0;
	printf("from %s\n", strrchr(buf, '/') + 1);
	return 0;
}
#endif
