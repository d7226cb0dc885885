/* SPDX-License-Identifier: MIT */
/* sys/seal.h: a program gives up what it will not need, for itself and all that it starts, for good. */
#ifndef _SYS_SEAL_H
#define _SYS_SEAL_H

#include <features.h>

#define __NEED_size_t
#include <bits/alltypes.h>

__BEGIN_DECLS

/* What seal_calls takes: sets of system calls. */
#define SEAL_FORK	0x01	/* new processes: fork, posix_spawn, system, popen */
#define SEAL_EXEC	0x02	/* other programs: exec, posix_spawn */
#define SEAL_THREAD	0x04	/* new threads */
#define SEAL_NAMES	0x08	/* servers: all that takes a path, sockets, terminals, ids, signals to others, waiting */
#define SEAL_CODE	0x10	/* memory that becomes executable: dlopen, compilers at run time, dynamic programs */
#define SEAL_SERVE	0x20	/* being a server of others */
#define SEAL_SYSTEM	0x40	/* debugging, the kernel's log, priorities, the clock, devices */

/* Flags: what happens to who uses them nevertheless. */
#define SEAL_EPERM	0	/* the call fails with EPERM */
#define SEAL_KILL	1	/* the process ends by SIGSYS, which it can neither catch nor ignore */
#define SEAL_LATER	2	/* or'ed to one of them: not before it, or its child, executes a program */

/* One more call only adds. 0, or -1: EINVAL, ENOSYS (not on this system). */
int seal_calls(unsigned, int);

struct seal_name {
	const char *path;	/* this file, or this directory and what is below it */
	int writable;		/* also to be changed, made, removed, connected to */
};

/*
 * From now on the process and all that it starts can name these n only, whatever permissions say. Files that
 * are open stay so, directories among them open a way to what is below and beside them. Other processes can
 * be seen, signalled and debugged only when they were started since by one that is itself so bound; set-id
 * programs are refused. -1: ENOENT (no such file), EOPNOTSUPP (its server gives away all or nothing), and
 * nothing has changed.
 */
int seal_names(const struct seal_name *, size_t);

__END_DECLS

#endif
