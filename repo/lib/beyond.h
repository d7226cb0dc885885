/* SPDX-License-Identifier: MIT */
/* What a system may have beyond POSIX.1-2008. Without attributes their functions return -1: ENOTSUP. */
#ifndef CPK_BEYOND_H
#define CPK_BEYOND_H

#include <sys/types.h>

/* Extended attributes of an open file. */
ssize_t cpk_attr_list(int fd, char *names, size_t n);	/* each ends in NUL; how many bytes */
ssize_t cpk_attr_get(int fd, const char *name, void *value, size_t n);
int cpk_attr_set(int fd, const char *name, const void *value, size_t n);
int cpk_attr_remove(int fd, const char *name);

/* Where the m bytes of what begin in the n of s, or NULL; fast where the system's memmem is. */
const void *cpk_find(const void *s, size_t n, const void *what, size_t m);

int cpk_sync_all(int fd);	/* all that was written to the file system that fd is on */

#endif
