/* SPDX-License-Identifier: MIT */
/* fenv.h: the floating-point environment. */
#ifndef _FENV_H
#define _FENV_H

#include <features.h>

__BEGIN_DECLS

#define FE_INVALID 1
#define __FE_DENORM 2
#define FE_DIVBYZERO 4
#define FE_OVERFLOW 8
#define FE_UNDERFLOW 16
#define FE_INEXACT 32
#define FE_ALL_EXCEPT 0x3d
#define FE_TONEAREST 0
#define FE_DOWNWARD 0x400
#define FE_UPWARD 0x800
#define FE_TOWARDZERO 0xc00

typedef unsigned short fexcept_t;
typedef struct {
	unsigned short __control_word, __unused1;
	unsigned short __status_word, __unused2;
	unsigned short __tags, __unused3;
	unsigned __eip;
	unsigned short __cs_selector;
	unsigned __opcode : 11, __unused4 : 5;
	unsigned __data_offset;
	unsigned short __data_selector, __unused5;
	unsigned __mxcsr;
} fenv_t;

#define FE_DFL_ENV ((const fenv_t *)-1)

int feclearexcept(int);
int fegetexceptflag(fexcept_t *, int);
int feraiseexcept(int);
int fesetexceptflag(const fexcept_t *, int);
int fetestexcept(int);
int fegetround(void);
int fesetround(int);
int fegetenv(fenv_t *);
int feholdexcept(fenv_t *);
int fesetenv(const fenv_t *);
int feupdateenv(const fenv_t *);

#if __VISIBLE_MORE
int feenableexcept(int);
int fedisableexcept(int);
int fegetexcept(void);
#endif

__END_DECLS

#endif
