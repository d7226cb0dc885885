/* SPDX-License-Identifier: MIT */
/* image_for.h: what execd needs of libc.a; not in libc.so. os/srv/execd declares the same. */
#ifndef CALX_IMAGE_FOR_H
#define CALX_IMAGE_FOR_H

#include "../../../abi/proc.h"
#include "../../internal/hidden.h"

#define IMAGE_HANDLES 64

struct image_for {
	const char *path, *cwd;
	char *const *argv, *const *envp;
	unsigned umask;
	int secure;
};

/* The image of the program open as file, with the caller's own names: 0 and *a but for cred, or -errno. */
hidden int __calx_image_for(int file, const struct image_for *w, struct exec_args *a, struct proc_handle *list);
/* Opens path with the rights of another: a high handle or -errno. Only for uid 0. */
hidden int __calx_open_as(const char *path, uint64_t flags, uint64_t cred, uint64_t groups);
hidden int __calx_may_execute(int file, uint64_t cred, uint64_t groups);

#endif
