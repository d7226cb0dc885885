/* SPDX-License-Identifier: MIT */
/*
 * A version that the library found at run time does not have is named, with who wants it.
 *
 * file two.map V1 { global: f; }; V2 { global: g; local: *; } V1;
 * file one.map V1 { global: f; local: *; };
 * so libv.so -DTWO -Wl,--version-script=two.map
 * prog main libv.so -Wl,-rpath,'$ORIGIN'
 * so libv.so -Wl,--version-script=one.map
 * $ ./main; echo $?
 * > ./main: error while loading shared libraries: ./libv.so: version `V2' not found (required by ./main)
 * > 127
 */
#ifdef IN_v
int f(void) { return 1; }
#ifdef TWO
int g(void) { return 2; }
#endif
#else
int g(void);
int main(void) { return g(); }
#endif
