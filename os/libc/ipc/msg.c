/* SPDX-License-Identifier: MIT */
/* msg.c: message queues of System V. */
#include <sys/msg.h>
#include "../internal/cancel.h"
#include "../internal/plat.h"
#include "../internal/ret.h"

int msgget(key_t key, int flags)
{
	return __ret(plat_msgget(key, flags));
}

int msgsnd(int id, const void *msg, size_t len, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_msgsnd(id, msg, len, flags));
}

ssize_t msgrcv(int id, void *msg, size_t len, long type, int flags)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_msgrcv(id, msg, len, type, flags));
}

int msgctl(int id, int cmd, struct msqid_ds *buf)
{
	return __ret(plat_msgctl(id, cmd, buf));
}
