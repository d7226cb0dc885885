/* SPDX-License-Identifier: MIT */
/* options.h: what the environment and, when libc.so.1 is run as a program, its arguments ask for. */
#ifndef LDSO_OPTIONS_H
#define LDSO_OPTIONS_H

#include "../internal/hidden.h"

struct dso;

struct options {
	const char *preload;		/* NULL: none */
	const char *program;		/* with arguments only */
};

/* Finds arguments, environment and auxiliary vector; sets __libc, and the options LD_* give. */
hidden void __ldso_read_stack(long *sp, struct options *o);
/* Takes our own arguments off the stack, so that the program finds its own. */
hidden void __ldso_read_arguments(long *sp, struct options *o);
/* Says in the auxiliary vector where the program lies. */
hidden void __ldso_set_auxv(unsigned long entry, const struct dso *program, const char *path);
/* ldd: prints the objects and ends. */
hidden _Noreturn void __ldso_list_objects(void);

#endif
