/* SPDX-License-Identifier: MIT */
/*
 * Starting a program from an image in memory, without any server: what init does with the boot
 * archive. The image is a static position-independent ELF file; it relocates itself.
 */
#ifndef LIB_SPAWN_H
#define LIB_SPAWN_H

#include <stddef.h>
#include "sys.h"

struct spawn_extra { const char *name; handle_t h; };

struct spawn {
	const char *name;		/* process name */
	const uint8_t *image;		/* the ELF file */
	size_t size;
	const char *const *argv, *const *envp;	/* NULL ended */
	handle_t names, procd;		/* for the start block, or H_NONE */
	handle_t out;			/* becomes descriptors 0, 1 and 2; or H_NONE */
	const struct spawn_extra *extra;	/* given under their names */
	unsigned nextra;		/* <= 8 */
	unsigned umask;
};

/* The new process's pid, or -errno: -ENOEXEC for an image of the wrong form. */
int64_t spawn_image(const struct spawn *s);

#endif
