/* SPDX-License-Identifier: MIT */
/* feenableexcept, fedisableexcept, fegetexcept: which exceptions trap. */
#include <fenv.h>

static unsigned short x87(void)
{
	unsigned short cw;
	__asm__("fnstcw %0" : "=m"(cw));
	return cw;
}

static void set(unsigned short cw)
{
	unsigned mx;
	__asm__ volatile("fldcw %0" : : "m"(cw));
	__asm__ volatile("stmxcsr %0" : "=m"(mx));
	mx = (mx & ~(FE_ALL_EXCEPT << 7)) | (cw & FE_ALL_EXCEPT) << 7;
	__asm__ volatile("ldmxcsr %0" : : "m"(mx));
}

int fegetexcept(void)
{
	return ~x87() & FE_ALL_EXCEPT;
}

int feenableexcept(int e)
{
	unsigned short cw = x87();
	set(cw & ~(e & FE_ALL_EXCEPT));
	return ~cw & FE_ALL_EXCEPT;
}

int fedisableexcept(int e)
{
	unsigned short cw = x87();
	set(cw | (e & FE_ALL_EXCEPT));
	return ~cw & FE_ALL_EXCEPT;
}
