/* SPDX-License-Identifier: MIT */
/* sys.h: raw Linux system calls. __sys_cp is the one that a thread cancellation can end early. */
#ifndef LINUX_SYS_H
#define LINUX_SYS_H

#include "nr.h"
#include "../../internal/plat.h"

/* Flags of clone(2) that this platform uses. */
#define CLONE_VM 0x100
#define CLONE_FS 0x200
#define CLONE_FILES 0x400
#define CLONE_SIGHAND 0x800
#define CLONE_VFORK 0x4000
#define CLONE_THREAD 0x10000
#define CLONE_SYSVSEM 0x40000
#define CLONE_SETTLS 0x80000
#define CLONE_PARENT_SETTID 0x100000
#define CLONE_CHILD_CLEARTID 0x200000

static inline long __sys(long n, long a, long b, long c, long d, long e, long f)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
		: "=a"(ret) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
		: "rcx", "r11", "memory");
	return ret;
}

/* arch/x86_64/syscall_cp.S: -ECANCELED when a cancellation is pending in an armed thread. */
long __sys_cp(long n, long a, long b, long c, long d, long e, long f);

/* Both take up to six arguments of any scalar type. */
#define SYS_PICK(f, n, a, b, c, d, e, g, ...) \
	f(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(g))
#define sys(...) SYS_PICK(__sys, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
#define sys_cp(...) SYS_PICK(__sys_cp, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

#endif
