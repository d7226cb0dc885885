/* SPDX-License-Identifier: MIT */
/* crashd.h: between the files of the crash server. */
#ifndef CRASHD_H
#define CRASHD_H

#include "../../lib/debugger.h"

struct crash {
	handle_t d;			/* debug object */
	uint32_t pid, tid;		/* who crashed */
	int signo;
	uint64_t rip, addr, cred;
	struct debug_info info;
	struct module *modules;
};

/* Lines in the kernel's log: what happened where, called from where. */
void report(struct crash *c);

/* Writes an ELF core file of at most `limit` bytes. 0 or -errno. */
int core_write(struct crash *c, const char *path, uint64_t limit);

#endif
