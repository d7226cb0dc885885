/* SPDX-License-Identifier: MIT */
/* fuzz-seed: a library with a bit of everything that is read from a file. */
__thread int local = 3;
static __thread char zeros[100];
extern int outside(int) __attribute__((__weak__));
extern __thread int nobody __attribute__((__weak__));
static int x;
int *pointer = &x, *pointers[40] = { &x, [3] = &x, [20] = &x };
int (*weak)(int) = outside;
int number_one(void) { return local + zeros[1]; }
int number_two(void) { return number_one() + *pointer + (outside != 0); }
int *address(void) { return &nobody; }
#ifdef VERSIONS
__asm__(".symver number_one,number@V1\n.symver number_two,number@@V2");
#else
int number(void) { return number_one() + number_two(); }
#endif
