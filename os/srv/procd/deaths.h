/* SPDX-License-Identifier: MIT */
/* Servers that keep something for a process ask to be told of its end: P_DEATHS_FILE, P_WATCH, P_DEATHS. */
#ifndef DEATHS_H
#define DEATHS_H

#include "../../lib/srv.h"

#define ID_DEATHS	(2ull << 32)	/* + number of the subscriber */

extern struct srv procd_srv;

int64_t deaths_open(struct srv_req *r);
int64_t deaths_call(struct srv_req *r);		/* to a file with id >= ID_DEATHS */
void deaths_closed(uint64_t id);
void deaths_tell(uint32_t pid);			/* a process that is watched by someone has ended */

#endif
