/* SPDX-License-Identifier: MIT */
/* ipc.c: message queues and System V objects, on Linux. */
#include <errno.h>
#include <sys/sem.h>
#include "sys.h"

int plat_mq_open(const char *name, int flags, unsigned mode, const struct mq_attr *attr)
{
	return sys(SYS_mq_open, name, flags, mode, attr);
}

int plat_mq_unlink(const char *name)
{
	return sys(SYS_mq_unlink, name);
}

int plat_mq_timedsend(int q, const char *text, size_t len, unsigned prio, const struct timespec *deadline)
{
	return sys_cp(SYS_mq_timedsend, q, text, len, prio, deadline);
}

long plat_mq_timedreceive(int q, char *text, size_t len, unsigned *prio, const struct timespec *deadline)
{
	return sys_cp(SYS_mq_timedreceive, q, text, len, prio, deadline);
}

int plat_mq_getsetattr(int q, const struct mq_attr *new, struct mq_attr *old)
{
	return sys(SYS_mq_getsetattr, q, new, old);
}

int plat_mq_notify(int q, const struct sigevent *ev, int pipe)
{
	return pipe >= 0 ? -ENOSYS : sys(SYS_mq_notify, q, ev);
}

int plat_shmget(int key, size_t size, int flags)
{
	return sys(SYS_shmget, key, size, flags);
}

long plat_shmat(int id, const void *addr, int flags)
{
	return sys(SYS_shmat, id, addr, flags);
}

int plat_shmdt(const void *addr)
{
	return sys(SYS_shmdt, addr);
}

int plat_shmctl(int id, int cmd, void *buf)
{
	return sys(SYS_shmctl, id, cmd, buf);
}

int plat_semget(int key, int n, int flags)
{
	return sys(SYS_semget, key, n, flags);
}

int plat_semtimedop(int id, struct sembuf *ops, size_t n, const struct timespec *timeout)
{
	return sys(SYS_semtimedop, id, ops, n, timeout);
}

int plat_semctl(int id, int num, int cmd, unsigned long arg)
{
	return sys(SYS_semctl, id, num, cmd, arg);
}

int plat_msgget(int key, int flags)
{
	return sys(SYS_msgget, key, flags);
}

int plat_msgsnd(int id, const void *msg, size_t len, int flags)
{
	return sys_cp(SYS_msgsnd, id, msg, len, flags);
}

long plat_msgrcv(int id, void *msg, size_t len, long type, int flags)
{
	return sys_cp(SYS_msgrcv, id, msg, len, type, flags);
}

int plat_msgctl(int id, int cmd, void *buf)
{
	return sys(SYS_msgctl, id, cmd, buf);
}
