/* SPDX-License-Identifier: MIT */
/* sys/types.h: the types of the system interface. */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H

#include <features.h>

#define __NEED_blkcnt_t
#define __NEED_blksize_t
#define __NEED_clock_t
#define __NEED_clockid_t
#define __NEED_dev_t
#define __NEED_fsblkcnt_t
#define __NEED_fsfilcnt_t
#define __NEED_gid_t
#define __NEED_id_t
#define __NEED_ino_t
#define __NEED_mode_t
#define __NEED_nlink_t
#define __NEED_off_t
#define __NEED_pid_t
#define __NEED_pthread_attr_t
#define __NEED_pthread_barrier_t
#define __NEED_pthread_barrierattr_t
#define __NEED_pthread_cond_t
#define __NEED_pthread_condattr_t
#define __NEED_pthread_key_t
#define __NEED_pthread_mutex_t
#define __NEED_pthread_mutexattr_t
#define __NEED_pthread_once_t
#define __NEED_pthread_rwlock_t
#define __NEED_pthread_rwlockattr_t
#define __NEED_pthread_spinlock_t
#define __NEED_pthread_t
#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_time_t
#define __NEED_timer_t
#define __NEED_uid_t
#if __VISIBLE_XSI
#define __NEED_key_t
#define __NEED_suseconds_t
#endif
#if __VISIBLE_MORE
#define __NEED_loff_t
#endif
#include <bits/alltypes.h>

#if __VISIBLE_MORE
#include <endian.h>
#include <sys/select.h>
#include <sys/sysmacros.h>
#endif

__BEGIN_DECLS

#ifndef __BIT_TYPES_DEFINED__
#define __BIT_TYPES_DEFINED__ 1
#endif

#if __VISIBLE_MORE
typedef __UINT8_TYPE__ u_int8_t;
typedef __UINT16_TYPE__ u_int16_t;
typedef __UINT32_TYPE__ u_int32_t;
typedef __UINT64_TYPE__ u_int64_t;
typedef char *caddr_t;
typedef unsigned char u_char;
typedef unsigned short u_short, ushort;
typedef unsigned u_int, uint;
typedef unsigned long u_long, ulong;
typedef long long quad_t;
typedef unsigned long long u_quad_t;
typedef int daddr_t;
#endif

__END_DECLS

#endif
