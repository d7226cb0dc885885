/* SPDX-License-Identifier: MIT */
/* sys/ipc.h: keys of System V objects. */
#ifndef _SYS_IPC_H
#define _SYS_IPC_H

#include <features.h>

#define __NEED_gid_t
#define __NEED_key_t
#define __NEED_mode_t
#define __NEED_uid_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct ipc_perm {
	key_t __key;
	uid_t uid;
	gid_t gid;
	uid_t cuid;
	gid_t cgid;
	mode_t mode;
	int __seq;
	long __pad1;
	long __pad2;
};

#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_PRIVATE ((key_t)0)

key_t ftok(const char *, int);

#if __VISIBLE_MORE
#define IPC_INFO 3
#endif

__END_DECLS

#endif
