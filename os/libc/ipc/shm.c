/* SPDX-License-Identifier: MIT */
/* shm.c: shared memory of System V. */
#include <sys/shm.h>
#include "../internal/plat.h"
#include "../internal/ret.h"

int shmget(key_t key, size_t size, int flags)
{
	return __ret(plat_shmget(key, size, flags));
}

void *shmat(int id, const void *addr, int flags)
{
	return (void *)__ret(plat_shmat(id, addr, flags));
}

int shmdt(const void *addr)
{
	return __ret(plat_shmdt(addr));
}

int shmctl(int id, int cmd, struct shmid_ds *buf)
{
	return __ret(plat_shmctl(id, cmd, buf));
}
