/* SPDX-License-Identifier: MIT */
/*
 * Message queues of POSIX and the objects of System V, served by ipcd at the prefix "/dev/mqueue".
 * Structs and commands have Linux's x86_64 layout and values. Deadlines are absolute on
 * CLOCK_MONOTONIC; 0 does not wait (-EAGAIN), and BAD_TIME gives -EINVAL where it would.
 */
#ifndef ABI_IPC_H
#define ABI_IPC_H

#include "types.h"

enum ipc_op {
	/* To the root. */
	Q_OPEN = 0xd0,	/* r0 name without slashes; w1 O_*, w2 mode, w3 most messages, w4 most bytes (0, 0: defaults) -> h[0] queue */
	Q_UNLINK,	/* r0 name */
	/* To a queue. */
	Q_SEND,		/* r0 text; w1 priority, w2 deadline */
	Q_RECV,		/* r1 gets it; w2 deadline -> w0 bytes, w1 priority */
	Q_ATTR,		/* -> w1 most messages, w2 most bytes, w3 messages now */
	Q_NOTIFY,	/* w1 NOTIFY_*, w2 signal, w3 value; for the calling process, once. -EBUSY */

	/* To the root; w1 IPC_SHM_, IPC_SEM_ or IPC_MSG_ where several are possible. */
	V_GET = 0xe0,	/* w1, w2 key, w3 IPC_* | mode, w4 bytes or number of semaphores -> w0 id */
	V_CTL,		/* w1, w2 id, w3 command, w4 semaphore | value << 32; r0 what is set, r1 gets what is asked -> w0 */
	V_SHMAT,	/* w1 id, w2 SHM_RDONLY -> h[0] mem, w1 bytes */
	V_SHMDT,	/* w1 id */
	V_SEMOP,	/* w1 id, w2 deadline; r0 struct sembuf[] */
	V_MSGSND,	/* w1 id, w2 type, w3 IPC_NOWAIT; r0 text */
	V_MSGRCV,	/* w1 id, w2 type, w3 IPC_NOWAIT MSG_NOERROR MSG_EXCEPT, r1 gets text -> w0 bytes, w1 type */
};

#define NOTIFY_OFF	0	/* takes it back */
#define NOTIFY_SIGNAL	1
#define NOTIFY_QUIET	2	/* SIGEV_NONE */
#define NOTIFY_PIPE	3	/* a byte into the pipe h[0] (SIGEV_THREAD); it is closed when the notice is taken back */

#define BAD_TIME	(-1)

enum { IPC_SHM_, IPC_SEM_, IPC_MSG_ };

#endif
