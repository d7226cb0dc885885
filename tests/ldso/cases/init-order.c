/* SPDX-License-Identifier: MIT */
/*
 * Constructors run after those of what an object needs, each once, also around a cycle; DT_INIT before
 * DT_INIT_ARRAY; preinit of the program first; destructors the other way round; the arguments come along.
 *
 * so libb.so
 * so liba.so libb.so -Wl,-init,begin -Wl,-fini,end -Wl,-rpath,'$ORIGIN'
 * so libb.so liba.so -Wl,-rpath,'$ORIGIN'
 * so libc1.so liba.so -Wl,-rpath,'$ORIGIN'
 * prog main libc1.so libb.so -Wl,-rpath,'$ORIGIN'
 * $ ./main x | sed 's/ $//'
 * > preinit +b begin +a(2) +c1 +main main -main -c1 -a end -b
 */
#include <stdio.h>
#define say(x) printf("%s ", x)
#ifdef IN_a
#define NAME "a"
int a;
void begin(void) { say("begin"); }
void end(void) { say("end"); }
#elif defined(IN_b)
#define NAME "b"
extern int a __attribute__((__weak__));
int b(void) { return a; }
#elif defined(IN_c1)
#define NAME "c1"
#else
#define NAME "main"
static void pre(void) { say("preinit"); }
__attribute__((__section__(".preinit_array"), __used__)) static void (*const early)(void) = pre;
int main(void)
{
	say("main");
	return 0;
}
#endif
__attribute__((constructor)) static void start(int argc, char **argv)
{
#ifdef IN_a
	printf("+a(%d) ", argc);
#else
	say("+" NAME);
#endif
}
__attribute__((destructor)) static void stop(void)
{
	say("-" NAME);
	if (NAME[0] == 'b')
		puts("");
}
#define KEEP(x) __attribute__((__used__)) static int *const keep = &x
#ifdef IN_c1
extern int a;
int *keep_a(void) { return &a; }
#endif
