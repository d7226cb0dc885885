/* SPDX-License-Identifier: MIT */
/*
 * Data of a library that the program names lies in the program: the library sees the same one, its
 * aliases too, initialised with what the library's own relocations made of it.
 *
 * so libd.so
 * prog main -fno-pie -no-pie libd.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > same 1, pointer 1, value 8
 */
#ifdef IN_d
static int target = 1;
int *data = &target, number = 7;
extern int alias __attribute__((__weak__, __alias__("number")));
int *lib_target(void) { return &target; }
int **lib_data(void) { return &data; }
void add(void) { alias++; }
#else
#include <stdio.h>
extern int *data, number;
int *lib_target(void), **lib_data(void);
void add(void);
int main(void)
{
	add();
	printf("same %d, pointer %d, value %d\n", lib_data() == &data, data == lib_target(), number);
	return 0;
}
#endif
