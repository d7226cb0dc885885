/* SPDX-License-Identifier: MIT */
/* bits/alltypes.h: every scalar and shared type of the headers, in one place (LP64). */
#ifndef _BITS_ALLTYPES_H
#define _BITS_ALLTYPES_H

#define __need_size_t
#define __need_wchar_t
#define __need_wint_t
#define __need_NULL
#include <stddef.h>

#ifndef __WINT_TYPE__
#define __WINT_TYPE__ unsigned int
#endif

typedef __builtin_va_list __va_list;

typedef long ssize_t;
typedef long off_t;
typedef long loff_t;
typedef long time_t;
typedef long suseconds_t;
typedef long clock_t;
typedef int clockid_t;
typedef void *timer_t;
typedef unsigned useconds_t;
typedef int pid_t;
typedef unsigned id_t;
typedef unsigned uid_t;
typedef unsigned gid_t;
typedef int key_t;
typedef unsigned mode_t;
typedef unsigned long nlink_t;
typedef unsigned long ino_t;
typedef unsigned long dev_t;
typedef long blksize_t;
typedef long blkcnt_t;
typedef unsigned long fsblkcnt_t;
typedef unsigned long fsfilcnt_t;
typedef unsigned socklen_t;
typedef unsigned short sa_family_t;
typedef long register_t;

typedef struct _IO_FILE FILE;
typedef struct __locale_struct *locale_t;
typedef struct { unsigned __state, __value; } mbstate_t;
typedef unsigned long wctype_t;
typedef const int *wctrans_t;
typedef __WINT_TYPE__ wint_t;

struct timeval { time_t tv_sec; suseconds_t tv_usec; };
struct timespec { time_t tv_sec; long tv_nsec; };
struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; };
struct iovec { void *iov_base; size_t iov_len; };

typedef struct { unsigned long __bits[128 / sizeof(long)]; } sigset_t;
typedef sigset_t __sigset_t;

typedef unsigned long pthread_t;
typedef int pthread_once_t;
typedef unsigned pthread_key_t;
typedef int pthread_spinlock_t;
typedef struct { unsigned __attr; } pthread_mutexattr_t;
typedef struct { unsigned __attr; } pthread_condattr_t;
typedef struct { unsigned __attr; } pthread_barrierattr_t;
typedef struct { unsigned __attr[2]; } pthread_rwlockattr_t;
/* __i[0] of a mutex is its type, so that recursive mutexes have a static initialiser. */
typedef struct { union { int __i[14]; volatile int __vi[14]; unsigned long __s[7]; } __u; }
	pthread_attr_t;
typedef struct { union { int __i[10]; volatile int __vi[10]; void *volatile __p[5]; } __u; }
	pthread_mutex_t;
typedef struct { union { int __i[12]; volatile int __vi[12]; void *volatile __p[6]; } __u; }
	pthread_cond_t;
typedef struct { union { int __i[14]; volatile int __vi[14]; void *volatile __p[7]; } __u; }
	pthread_rwlock_t;
typedef struct { union { int __i[8]; volatile int __vi[8]; void *volatile __p[4]; } __u; }
	pthread_barrier_t;
typedef pthread_mutex_t mtx_t;
typedef pthread_cond_t cnd_t;

#ifdef _LARGEFILE64_SOURCE
typedef off_t off64_t;
typedef ino_t ino64_t;
typedef blkcnt_t blkcnt64_t;
typedef fsblkcnt_t fsblkcnt64_t;
typedef fsfilcnt_t fsfilcnt64_t;
#endif

#endif
