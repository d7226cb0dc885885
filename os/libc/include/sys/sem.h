/* SPDX-License-Identifier: MIT */
/* sys/sem.h: System V semaphores. */
#ifndef _SYS_SEM_H
#define _SYS_SEM_H

#include <features.h>

#define __NEED_key_t
#define __NEED_pid_t
#define __NEED_size_t
#define __NEED_time_t
#if __VISIBLE_MORE
#define __NEED_struct_timespec
#endif
#include <bits/alltypes.h>

#include <sys/ipc.h>

__BEGIN_DECLS

#define SEM_UNDO 0x1000
#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17

struct semid_ds {
	struct ipc_perm sem_perm;
	time_t sem_otime;
	long __unused1;
	time_t sem_ctime;
	long __unused2;
	unsigned short sem_nsems;
	char __pad[6];
	long __unused3;
	long __unused4;
};
struct sembuf {
	unsigned short sem_num;
	short sem_op;
	short sem_flg;
};

int semctl(int, int, int, ...);
int semget(key_t, int, int);
int semop(int, struct sembuf *, size_t);

#if __VISIBLE_MORE
#define SEM_STAT 18
#define SEM_INFO 19

struct seminfo {
	int semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem;
};

int semtimedop(int, struct sembuf *, size_t, const struct timespec *);
#endif

__END_DECLS

#endif
