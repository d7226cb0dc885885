/* SPDX-License-Identifier: MIT */
/* setjmp.h: non-local jumps. */
#ifndef _SETJMP_H
#define _SETJMP_H

#include <features.h>

__BEGIN_DECLS

typedef unsigned long __jmp_buf[8];
typedef struct __jmp_buf_tag {
	__jmp_buf __jb;
	unsigned long __fl;
	unsigned long __ss[128 / sizeof(long)];
} jmp_buf[1];
#ifndef __returns_twice
#define __returns_twice __attribute__((__returns_twice__))
#endif

int setjmp(jmp_buf) __returns_twice;
void longjmp(jmp_buf, int) __dead;

#define setjmp setjmp

#if __VISIBLE_POSIX
typedef jmp_buf sigjmp_buf;

int sigsetjmp(sigjmp_buf, int) __returns_twice;
void siglongjmp(sigjmp_buf, int) __dead;
#endif

#if __VISIBLE_XSI
int _setjmp(jmp_buf) __returns_twice;
void _longjmp(jmp_buf, int) __dead;
#endif

__END_DECLS

#endif
