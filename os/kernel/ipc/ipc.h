/* SPDX-License-Identifier: MIT */
/* ipc.h: what a thread carries for messages. */
#ifndef KERNEL_IPC_H
#define KERNEL_IPC_H

#include "list.h"

struct call;
struct port_note;

struct thread_ipc {
	struct call *call;		/* its own call, made by the first one; NULL before */
	struct list recv_node;		/* in port.receivers, under port.lock */
	struct port_note *got;		/* what a sender put there for the receiving thread (port.lock) */
};

#endif
