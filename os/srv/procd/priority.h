/* SPDX-License-Identifier: MIT */
/* getpriority and setpriority. */
#ifndef PRIORITY_H
#define PRIORITY_H

#include "../../lib/srv.h"
#include "procd.h"

int64_t priority_op(struct proc *p, struct srv_req *r);

#endif
