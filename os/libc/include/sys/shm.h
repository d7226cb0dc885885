/* SPDX-License-Identifier: MIT */
/* sys/shm.h: System V shared memory. */
#ifndef _SYS_SHM_H
#define _SYS_SHM_H

#include <features.h>

#define __NEED_key_t
#define __NEED_pid_t
#define __NEED_size_t
#define __NEED_time_t
#include <bits/alltypes.h>

#include <sys/ipc.h>

__BEGIN_DECLS

typedef unsigned long shmatt_t;
struct shmid_ds {
	struct ipc_perm shm_perm;
	size_t shm_segsz;
	time_t shm_atime;
	time_t shm_dtime;
	time_t shm_ctime;
	pid_t shm_cpid;
	pid_t shm_lpid;
	unsigned long shm_nattch;
	unsigned long __pad1;
	unsigned long __pad2;
};

#define SHMLBA 4096
#define SHM_RDONLY 010000
#define SHM_RND 020000

void *shmat(int, const void *, int);
int shmctl(int, int, struct shmid_ds *);
int shmdt(const void *);
int shmget(key_t, size_t, int);

#if __VISIBLE_MORE
#define SHM_R 0400
#define SHM_W 0200
#define SHM_REMAP 040000
#define SHM_EXEC 0100000
#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_STAT 13
#define SHM_INFO 14
#define SHM_DEST 01000
#define SHM_LOCKED 02000

struct shminfo {
	unsigned long shmmax, shmmin, shmmni, shmseg, shmall, __unused[4];
};
struct shm_info {
	int used_ids;
	unsigned long shm_tot, shm_rss, shm_swp, swap_attempts, swap_successes;
};

#define SHM_HUGETLB 04000
#define SHM_NORESERVE 010000
#endif

__END_DECLS

#endif
