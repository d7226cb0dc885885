/* SPDX-License-Identifier: MIT */
/* sysv.c: System V objects: requests to ipcd; attached memory is remembered by its address. */
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include "ipc.h"
#include "../../../abi/mem.h"

#define ATTACH_MAX 256

/* Under the lock; a child of fork has its parent's. */
static struct attach { const void *addr; size_t len; int id; } attached[ATTACH_MAX];

static int get(int kind, int key, int flags, uint64_t size)
{
	struct msg m = { .w = { V_GET, kind, key, (unsigned)flags, size } };

	return __ipc_call(&m);
}

static int ctl(int kind, int id, int cmd, uint64_t arg, void *buf, size_t size)
{
	struct msg m = { .w = { V_CTL, kind, id, (unsigned)cmd, arg } };

	if (cmd == IPC_SET)
		m.r[0] = (struct msg_range){ (uint64_t)buf, size };
	else if (cmd == IPC_STAT)
		m.r[1] = (struct msg_range){ (uint64_t)buf, size };
	return __ipc_call(&m);
}

int plat_shmget(int key, size_t size, int flags)
{
	return get(IPC_SHM_, key, flags, size);
}

static int remember(const void *addr, size_t len, int id)
{
	int i;

	__calx_lock();
	for (i = 0; i < ATTACH_MAX && attached[i].addr; i++)
		;
	if (i < ATTACH_MAX)
		attached[i] = (struct attach){ addr, len, id };
	__calx_unlock();
	return i < ATTACH_MAX ? 0 : -EMFILE;
}

static void detach(int id)
{
	struct msg m = { .w = { V_SHMDT, id } };

	__ipc_call(&m);
}

long plat_shmat(int id, const void *addr, int flags)
{
	struct msg m = { .w = { V_SHMAT, id, (unsigned)flags & SHM_RDONLY } };
	struct vm_map map = { .vm = H_NONE, .prot = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE), .flags = MAP_SHARED };
	uint64_t at = (uint64_t)addr;
	long r;

	if (flags & SHM_RND)
		at -= at % SHMLBA;
	if (at % ABI_PAGE || (flags & SHM_REMAP && !at))
		return -EINVAL;
	r = __ipc_call(&m);
	if (r < 0)
		return r;
	if (!m.nh)
		return -EIO;
	map.mem = m.h[0];
	map.addr = at;
	map.len = (m.w[1] + ABI_PAGE - 1) & ~(uint64_t)(ABI_PAGE - 1);
	if (at)
		map.flags |= flags & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
	r = sys(SYS_vm_map, &map);
	sys(SYS_handle_close, m.h[0]);
	if (r >= 0 && remember((void *)r, map.len, id)) {
		sys(SYS_vm_unmap, H_NONE, r, map.len);
		r = -EMFILE;
	}
	if (r < 0)
		detach(id);
	return r == -EEXIST ? -EINVAL : r;
}

int plat_shmdt(const void *addr)
{
	struct attach was = { 0 };

	if (!addr)
		return -EINVAL;
	__calx_lock();
	for (int i = 0; i < ATTACH_MAX && !was.addr; i++) {
		if (attached[i].addr == addr) {
			was = attached[i];
			attached[i].addr = 0;
		}
	}
	__calx_unlock();
	if (!was.addr)
		return -EINVAL;
	sys(SYS_vm_unmap, H_NONE, was.addr, was.len);
	detach(was.id);
	return 0;
}

int plat_shmctl(int id, int cmd, void *buf)
{
	return ctl(IPC_SHM_, id, cmd, 0, buf, sizeof(struct shmid_ds));
}

int plat_semget(int key, int n, int flags)
{
	return n < 0 ? -EINVAL : get(IPC_SEM_, key, flags, n);
}

int plat_semtimedop(int id, struct sembuf *ops, size_t n, const struct timespec *timeout)
{
	struct msg m = { .w = { V_SEMOP, id, __calx_deadline(timeout) }, .r[0] = { (uint64_t)ops, n * sizeof(*ops) } };

	if (timeout && (timeout->tv_sec < 0 || (unsigned long)timeout->tv_nsec >= 1000000000))
		return -EINVAL;
	if (n > 4096)
		return -E2BIG;
	return __ipc_call(&m);
}

/* Arrays are as long as the set: asked for first. */
static int sem_array(int id, int cmd, void *values)
{
	struct semid_ds ds;
	struct msg m = { .w = { V_CTL, IPC_SEM_, id, (unsigned)cmd } };
	int err = ctl(IPC_SEM_, id, IPC_STAT, 0, &ds, sizeof(ds));
	size_t size = ds.sem_nsems * sizeof(unsigned short);

	if (err)
		return err;
	m.r[cmd == GETALL] = (struct msg_range){ (uint64_t)values, size };
	return __ipc_call(&m);
}

int plat_semctl(int id, int num, int cmd, unsigned long arg)
{
	if (cmd == GETALL || cmd == SETALL)
		return sem_array(id, cmd, (void *)arg);
	return ctl(IPC_SEM_, id, cmd, (uint32_t)num | (cmd == SETVAL ? arg << 32 : 0), (void *)arg, sizeof(struct semid_ds));
}

int plat_msgget(int key, int flags)
{
	return get(IPC_MSG_, key, flags, 0);
}

int plat_msgsnd(int id, const void *msg, size_t len, int flags)
{
	struct msg m = { .w = { V_MSGSND, id, *(const long *)msg, (unsigned)flags },
		.r[0] = { (uint64_t)msg + sizeof(long), len } };

	return len > 65536 ? -EINVAL : __ipc_call(&m);
}

long plat_msgrcv(int id, void *msg, size_t len, long type, int flags)
{
	struct msg m = { .w = { V_MSGRCV, id, type, (unsigned)flags }, .r[1] = { (uint64_t)msg + sizeof(long), len } };
	long r;

	if ((long)len < 0)
		return -EINVAL;
	if (len > 65536)
		m.r[1].len = 65536;
	r = __ipc_call(&m);
	if (r >= 0)
		*(long *)msg = m.w[1];
	return r;
}

int plat_msgctl(int id, int cmd, void *buf)
{
	return ctl(IPC_MSG_, id, cmd, 0, buf, sizeof(struct msqid_ds));
}
