/* SPDX-License-Identifier: MIT */
/*
 * Packed relative relocations (DT_RELR) in program and library.
 *
 * so libr.so -Wl,-z,pack-relative-relocs
 * prog main -Wl,-z,pack-relative-relocs libr.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > 400 400
 */
static int x[200];
#define P(i) &x[i], &x[i + 1], (int *)7, &x[i + 2], &x[i + 3],
#define Q(i) P(i) P(i + 4) P(i + 8) P(i + 12) P(i + 16)
static int *p[] = { Q(0) Q(20) Q(40) Q(60) Q(80) Q(100) Q(120) Q(140) Q(160) Q(0) Q(20) Q(40) Q(60) Q(80) Q(100) Q(120)
	Q(140) Q(160) Q(0) Q(20) };
static int good(void)
{
	int n = 0;
	for (int i = 0; i < sizeof(p) / sizeof(*p); i++)
		n += p[i] >= x && p[i] < x + 200;
	return n;
}
#ifdef IN_r
int lib_good(void) { return good(); }
#else
#include <stdio.h>
int lib_good(void);
int main(void)
{
	printf("%d %d\n", good(), lib_good());
	return 0;
}
#endif
