/* SPDX-License-Identifier: MIT */
/* procfs: /proc, as far as programs of other systems look there. What the files say is made when they are opened. */
#ifndef PROCFS_H
#define PROCFS_H

#include <stddef.h>
#include "../../lib/srv.h"

/* Files of the root, then those of a process. */
enum file {
	ROOT, MEMINFO, CPUINFO, UPTIME, VERSION, LOADAVG, MOUNTS, FILESYSTEMS, KERNEL, SELF, NROOT,
	PDIR = NROOT, CMDLINE, COMM, STAT, STATM, STATUS, MAPS, EXE, NFILE
};

/* Writes the text of a file: its length, at most size, or -errno. pid is that of the directory. */
int64_t text_of(enum file f, uint32_t pid, char *buf, size_t size);

/* "path\0argument\0..." as procd knows it: bytes or -errno. */
int64_t cmdline_of(uint32_t pid, char *buf, size_t size);

/* Does the process live? *uid becomes its effective user. */
int alive(uint32_t pid, uint32_t *uid);

/* kernel.c: what the kernel holds, a word and a number a line; the mappings of a process as Linux writes them. */
size_t kernel_text(char *buf, size_t size);
int64_t maps_text(uint32_t pid, char *buf, size_t size);

/* procd's list of pids: how many. */
int64_t list_pids(uint32_t *pids, size_t max);

#endif
