/* SPDX-License-Identifier: MIT */
/* bits/alltypes.h: every type that several headers define, in one place (LP64). A header asks for
 * type T by defining __NEED_T before it includes this one; nothing else becomes visible. That is
 * why this file has no guard around it as a whole. */

#include <features.h>

#ifdef __NEED_size_t
#define __need_size_t
#endif
#ifdef __NEED_wchar_t
#define __need_wchar_t
#endif
#ifdef __NEED_NULL
#define __need_NULL
#endif
#if defined(__NEED_struct_iovec) && !defined(__DEFINED_struct_iovec)
#define __need_size_t
#endif
#if defined(__need_size_t) || defined(__need_wchar_t) || defined(__need_NULL)
#include <stddef.h>
#endif
#undef __NEED_size_t
#undef __NEED_wchar_t
#undef __NEED_NULL

#ifndef __WINT_TYPE__
#define __WINT_TYPE__ unsigned int
#endif
#if defined(__NEED_struct_timeval) && !defined(__DEFINED_struct_timeval)
#define __NEED_suseconds_t
#define __NEED_time_t
#endif
#if defined(__NEED_struct_itimerspec) && !defined(__DEFINED_struct_itimerspec)
#define __NEED_struct_timespec
#endif
#if defined(__NEED_struct_timespec) && !defined(__DEFINED_struct_timespec)
#define __NEED_time_t
#endif

#ifndef __DEFINED_private
#define __DEFINED_private
typedef __builtin_va_list __va_list;
/* __i[0] of a mutex is its type, so that recursive mutexes have a static initialiser. */
struct __mutex { union { int __i[10]; volatile int __vi[10]; void *volatile __p[5]; } __u; };
struct __cond { union { int __i[12]; volatile int __vi[12]; void *volatile __p[6]; } __u; };
#endif

#if defined(__NEED_ssize_t) && !defined(__DEFINED_ssize_t)
#define __DEFINED_ssize_t
typedef long ssize_t;
#endif
#undef __NEED_ssize_t
#if defined(__NEED_off_t) && !defined(__DEFINED_off_t)
#define __DEFINED_off_t
typedef long off_t;
#ifdef _LARGEFILE64_SOURCE
typedef off_t off64_t;
#endif
#endif
#undef __NEED_off_t
#if defined(__NEED_loff_t) && !defined(__DEFINED_loff_t)
#define __DEFINED_loff_t
typedef long loff_t;
#endif
#undef __NEED_loff_t
#if defined(__NEED_time_t) && !defined(__DEFINED_time_t)
#define __DEFINED_time_t
typedef long time_t;
#endif
#undef __NEED_time_t
#if defined(__NEED_suseconds_t) && !defined(__DEFINED_suseconds_t)
#define __DEFINED_suseconds_t
typedef long suseconds_t;
#endif
#undef __NEED_suseconds_t
#if defined(__NEED_clock_t) && !defined(__DEFINED_clock_t)
#define __DEFINED_clock_t
typedef long clock_t;
#endif
#undef __NEED_clock_t
#if defined(__NEED_clockid_t) && !defined(__DEFINED_clockid_t)
#define __DEFINED_clockid_t
typedef int clockid_t;
#endif
#undef __NEED_clockid_t
#if defined(__NEED_timer_t) && !defined(__DEFINED_timer_t)
#define __DEFINED_timer_t
typedef void *timer_t;
#endif
#undef __NEED_timer_t
#if defined(__NEED_useconds_t) && !defined(__DEFINED_useconds_t)
#define __DEFINED_useconds_t
typedef unsigned useconds_t;
#endif
#undef __NEED_useconds_t
#if defined(__NEED_pid_t) && !defined(__DEFINED_pid_t)
#define __DEFINED_pid_t
typedef int pid_t;
#endif
#undef __NEED_pid_t
#if defined(__NEED_id_t) && !defined(__DEFINED_id_t)
#define __DEFINED_id_t
typedef unsigned id_t;
#endif
#undef __NEED_id_t
#if defined(__NEED_uid_t) && !defined(__DEFINED_uid_t)
#define __DEFINED_uid_t
typedef unsigned uid_t;
#endif
#undef __NEED_uid_t
#if defined(__NEED_gid_t) && !defined(__DEFINED_gid_t)
#define __DEFINED_gid_t
typedef unsigned gid_t;
#endif
#undef __NEED_gid_t
#if defined(__NEED_key_t) && !defined(__DEFINED_key_t)
#define __DEFINED_key_t
typedef int key_t;
#endif
#undef __NEED_key_t
#if defined(__NEED_mode_t) && !defined(__DEFINED_mode_t)
#define __DEFINED_mode_t
typedef unsigned mode_t;
#endif
#undef __NEED_mode_t
#if defined(__NEED_nlink_t) && !defined(__DEFINED_nlink_t)
#define __DEFINED_nlink_t
typedef unsigned long nlink_t;
#endif
#undef __NEED_nlink_t
#if defined(__NEED_ino_t) && !defined(__DEFINED_ino_t)
#define __DEFINED_ino_t
typedef unsigned long ino_t;
#ifdef _LARGEFILE64_SOURCE
typedef ino_t ino64_t;
#endif
#endif
#undef __NEED_ino_t
#if defined(__NEED_dev_t) && !defined(__DEFINED_dev_t)
#define __DEFINED_dev_t
typedef unsigned long dev_t;
#endif
#undef __NEED_dev_t
#if defined(__NEED_blksize_t) && !defined(__DEFINED_blksize_t)
#define __DEFINED_blksize_t
typedef long blksize_t;
#endif
#undef __NEED_blksize_t
#if defined(__NEED_blkcnt_t) && !defined(__DEFINED_blkcnt_t)
#define __DEFINED_blkcnt_t
typedef long blkcnt_t;
#ifdef _LARGEFILE64_SOURCE
typedef blkcnt_t blkcnt64_t;
#endif
#endif
#undef __NEED_blkcnt_t
#if defined(__NEED_fsblkcnt_t) && !defined(__DEFINED_fsblkcnt_t)
#define __DEFINED_fsblkcnt_t
typedef unsigned long fsblkcnt_t;
#ifdef _LARGEFILE64_SOURCE
typedef fsblkcnt_t fsblkcnt64_t;
#endif
#endif
#undef __NEED_fsblkcnt_t
#if defined(__NEED_fsfilcnt_t) && !defined(__DEFINED_fsfilcnt_t)
#define __DEFINED_fsfilcnt_t
typedef unsigned long fsfilcnt_t;
#ifdef _LARGEFILE64_SOURCE
typedef fsfilcnt_t fsfilcnt64_t;
#endif
#endif
#undef __NEED_fsfilcnt_t
#if defined(__NEED_reclen_t) && !defined(__DEFINED_reclen_t)
#define __DEFINED_reclen_t
typedef unsigned short reclen_t;
#endif
#undef __NEED_reclen_t
#if defined(__NEED_socklen_t) && !defined(__DEFINED_socklen_t)
#define __DEFINED_socklen_t
typedef unsigned socklen_t;
#endif
#undef __NEED_socklen_t
#if defined(__NEED_sa_family_t) && !defined(__DEFINED_sa_family_t)
#define __DEFINED_sa_family_t
typedef unsigned short sa_family_t;
#endif
#undef __NEED_sa_family_t
#if defined(__NEED_register_t) && !defined(__DEFINED_register_t)
#define __DEFINED_register_t
typedef long register_t;
#endif
#undef __NEED_register_t
#if defined(__NEED_intptr_t) && !defined(__DEFINED_intptr_t)
#define __DEFINED_intptr_t
typedef __INTPTR_TYPE__ intptr_t;
#endif
#undef __NEED_intptr_t
#if defined(__NEED_int8_t) && !defined(__DEFINED_int8_t)
#define __DEFINED_int8_t
typedef __INT8_TYPE__ int8_t;
#endif
#undef __NEED_int8_t
#if defined(__NEED_int16_t) && !defined(__DEFINED_int16_t)
#define __DEFINED_int16_t
typedef __INT16_TYPE__ int16_t;
#endif
#undef __NEED_int16_t
#if defined(__NEED_int32_t) && !defined(__DEFINED_int32_t)
#define __DEFINED_int32_t
typedef __INT32_TYPE__ int32_t;
#endif
#undef __NEED_int32_t
#if defined(__NEED_int64_t) && !defined(__DEFINED_int64_t)
#define __DEFINED_int64_t
typedef __INT64_TYPE__ int64_t;
#endif
#undef __NEED_int64_t
#if defined(__NEED_va_list) && !defined(__DEFINED_va_list)
#define __DEFINED_va_list
typedef __builtin_va_list va_list;
#endif
#undef __NEED_va_list
#if defined(__NEED_FILE) && !defined(__DEFINED_FILE)
#define __DEFINED_FILE
typedef struct _IO_FILE FILE;
#endif
#undef __NEED_FILE
#if defined(__NEED_locale_t) && !defined(__DEFINED_locale_t)
#define __DEFINED_locale_t
typedef struct __locale_struct *locale_t;
#endif
#undef __NEED_locale_t
#if defined(__NEED_mbstate_t) && !defined(__DEFINED_mbstate_t)
#define __DEFINED_mbstate_t
typedef struct { unsigned __state, __value; } mbstate_t;
#endif
#undef __NEED_mbstate_t
#if defined(__NEED_wctype_t) && !defined(__DEFINED_wctype_t)
#define __DEFINED_wctype_t
typedef unsigned long wctype_t;
#endif
#undef __NEED_wctype_t
#if defined(__NEED_wctrans_t) && !defined(__DEFINED_wctrans_t)
#define __DEFINED_wctrans_t
typedef const int *wctrans_t;
#endif
#undef __NEED_wctrans_t
#if defined(__NEED_wint_t) && !defined(__DEFINED_wint_t)
#define __DEFINED_wint_t
typedef __WINT_TYPE__ wint_t;
#endif
#undef __NEED_wint_t
#if defined(__NEED_nl_item) && !defined(__DEFINED_nl_item)
#define __DEFINED_nl_item
typedef int nl_item;
#endif
#undef __NEED_nl_item
#if defined(__NEED_struct_timeval) && !defined(__DEFINED_struct_timeval)
#define __DEFINED_struct_timeval
struct timeval { time_t tv_sec; suseconds_t tv_usec; };
#endif
#undef __NEED_struct_timeval
#if defined(__NEED_struct_timespec) && !defined(__DEFINED_struct_timespec)
#define __DEFINED_struct_timespec
struct timespec { time_t tv_sec; long tv_nsec; };
#endif
#undef __NEED_struct_timespec
#if defined(__NEED_struct_itimerspec) && !defined(__DEFINED_struct_itimerspec)
#define __DEFINED_struct_itimerspec
struct itimerspec { struct timespec it_interval, it_value; };
#endif
#undef __NEED_struct_itimerspec
#if defined(__NEED_struct_winsize) && !defined(__DEFINED_struct_winsize)
#define __DEFINED_struct_winsize
struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; };
#endif
#undef __NEED_struct_winsize
#if defined(__NEED_struct_iovec) && !defined(__DEFINED_struct_iovec)
#define __DEFINED_struct_iovec
struct iovec { void *iov_base; size_t iov_len; };
#endif
#undef __NEED_struct_iovec
#if defined(__NEED_sigset_t) && !defined(__DEFINED_sigset_t)
#define __DEFINED_sigset_t
typedef struct { unsigned long __bits[128 / sizeof(long)]; } sigset_t;
typedef sigset_t __sigset_t;
#endif
#undef __NEED_sigset_t
#if defined(__NEED_pthread_t) && !defined(__DEFINED_pthread_t)
#define __DEFINED_pthread_t
typedef unsigned long pthread_t;
#endif
#undef __NEED_pthread_t
#if defined(__NEED_pthread_once_t) && !defined(__DEFINED_pthread_once_t)
#define __DEFINED_pthread_once_t
typedef int pthread_once_t;
#endif
#undef __NEED_pthread_once_t
#if defined(__NEED_pthread_key_t) && !defined(__DEFINED_pthread_key_t)
#define __DEFINED_pthread_key_t
typedef unsigned pthread_key_t;
#endif
#undef __NEED_pthread_key_t
#if defined(__NEED_pthread_spinlock_t) && !defined(__DEFINED_pthread_spinlock_t)
#define __DEFINED_pthread_spinlock_t
typedef int pthread_spinlock_t;
#endif
#undef __NEED_pthread_spinlock_t
#if defined(__NEED_pthread_mutexattr_t) && !defined(__DEFINED_pthread_mutexattr_t)
#define __DEFINED_pthread_mutexattr_t
typedef struct { unsigned __attr; } pthread_mutexattr_t;
#endif
#undef __NEED_pthread_mutexattr_t
#if defined(__NEED_pthread_condattr_t) && !defined(__DEFINED_pthread_condattr_t)
#define __DEFINED_pthread_condattr_t
typedef struct { unsigned __attr; } pthread_condattr_t;
#endif
#undef __NEED_pthread_condattr_t
#if defined(__NEED_pthread_barrierattr_t) && !defined(__DEFINED_pthread_barrierattr_t)
#define __DEFINED_pthread_barrierattr_t
typedef struct { unsigned __attr; } pthread_barrierattr_t;
#endif
#undef __NEED_pthread_barrierattr_t
#if defined(__NEED_pthread_rwlockattr_t) && !defined(__DEFINED_pthread_rwlockattr_t)
#define __DEFINED_pthread_rwlockattr_t
typedef struct { unsigned __attr[2]; } pthread_rwlockattr_t;
#endif
#undef __NEED_pthread_rwlockattr_t
#if defined(__NEED_pthread_attr_t) && !defined(__DEFINED_pthread_attr_t)
#define __DEFINED_pthread_attr_t
typedef struct { union { int __i[14]; volatile int __vi[14]; unsigned long __s[7]; } __u; }
	pthread_attr_t;
#endif
#undef __NEED_pthread_attr_t
#if defined(__NEED_pthread_mutex_t) && !defined(__DEFINED_pthread_mutex_t)
#define __DEFINED_pthread_mutex_t
typedef struct __mutex pthread_mutex_t;
#endif
#undef __NEED_pthread_mutex_t
#if defined(__NEED_pthread_cond_t) && !defined(__DEFINED_pthread_cond_t)
#define __DEFINED_pthread_cond_t
typedef struct __cond pthread_cond_t;
#endif
#undef __NEED_pthread_cond_t
#if defined(__NEED_pthread_rwlock_t) && !defined(__DEFINED_pthread_rwlock_t)
#define __DEFINED_pthread_rwlock_t
typedef struct { union { int __i[14]; volatile int __vi[14]; void *volatile __p[7]; } __u; }
	pthread_rwlock_t;
#endif
#undef __NEED_pthread_rwlock_t
#if defined(__NEED_pthread_barrier_t) && !defined(__DEFINED_pthread_barrier_t)
#define __DEFINED_pthread_barrier_t
typedef struct { union { int __i[8]; volatile int __vi[8]; void *volatile __p[4]; } __u; }
	pthread_barrier_t;
#endif
#undef __NEED_pthread_barrier_t
#if defined(__NEED_mtx_t) && !defined(__DEFINED_mtx_t)
#define __DEFINED_mtx_t
typedef struct __mutex mtx_t;
#endif
#undef __NEED_mtx_t
#if defined(__NEED_cnd_t) && !defined(__DEFINED_cnd_t)
#define __DEFINED_cnd_t
typedef struct __cond cnd_t;
#endif
#undef __NEED_cnd_t
