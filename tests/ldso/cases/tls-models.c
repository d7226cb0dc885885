/* SPDX-License-Identifier: MIT */
/*
 * Thread-local data by every model, in the program, in a library, in two threads: addresses by
 * different models agree and threads differ.
 *
 * so libie.so -ftls-model=initial-exec
 * so libgd.so -ftls-model=global-dynamic libie.so
 * so libdesc.so -mtls-dialect=gnu2 libgd.so libie.so
 * prog main -ftls-model=local-exec libie.so libgd.so libdesc.so -Wl,-rpath,'$ORIGIN'
 * $ ./main
 * > 1 2 3 4 5
 * > 1 2 3 4 5
 * > agree 1, differ 1
 */
#ifdef IN_ie
__thread int a = 1;
int *ie(void) { return &a; }
#endif
#ifdef IN_gd
__thread int b = 2;
static __thread int c = 3;		/* local-dynamic, with its neighbour */
static __thread char big[5000];
extern __thread int a;
int *gd(void) { return &b; }
int *ld(void) { big[c]++; return &c; }
int *gd_a(void) { return &a; }
#endif
#ifdef IN_desc
__thread int d = 4;
extern __thread int a, nobody __attribute__((__weak__));
int *desc(void) { return &d; }
int *desc_a(void) { return &a; }
int *desc_weak(void) { return &nobody; }
#endif
#ifdef IN_main
#include <pthread.h>
#include <stdio.h>
static __thread int e = 5;
extern __thread int a __attribute__((__tls_model__("initial-exec")));
int *ie(void), *gd(void), *ld(void), *gd_a(void), *desc(void), *desc_a(void), *desc_weak(void);
static int *first;

static void *run(void *arg)
{
	int same = ie() == gd_a() && ie() == desc_a() && ie() == &a && !desc_weak();

	printf("%d %d %d %d %d\n", (*ie())++, (*gd())++, (*ld())++, (*desc())++, e++);
	if (!arg)
		first = ie();
	else
		printf("agree %d, differ %d\n", same, first != ie());
	return 0;
}

int main(void)
{
	pthread_t t;

	run(0);
	pthread_create(&t, 0, run, &t);
	pthread_join(t, 0);
	return 0;
}
#endif
