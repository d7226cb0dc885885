/* SPDX-License-Identifier: MIT */
/* ipc.h: calls of ipcd's root. */
#ifndef CALX_IPC_H
#define CALX_IPC_H

#include "calx.h"
#include "../../../abi/ipc.h"

/* Sends m to ipcd, again when it has come back to life: w[0], or -errno (-ENOSYS: there is none). */
hidden long __ipc_call(struct msg *m);

#endif
