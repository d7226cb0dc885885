/* SPDX-License-Identifier: MIT */
/*
 * What systems differ in.  The makefile takes host/linux or, on every other system,
 * host/posix; all else is POSIX.1-2008 and compiled as such.
 */
#ifndef COOK_HOST_H
#define COOK_HOST_H

/* The calling child is killed when its parent ends, where a system can do that. */
void host_die_with_parent(void);

/* All others go before this process. */
void host_yield(void);

/* Makes the file out share the blocks of in: 0, or -1 and nothing is done. */
int host_clone(int out, int in);

/* The path of the running program, fresh, or NULL. */
char *host_self(void);

struct sandbox;

/* 0 when namespaces can be made here, else a negative errno. */
int host_sandbox_check(void);

/* In a child: runs the script in fresh namespaces and ends with its status. */
void host_sandbox_enter(const struct sandbox *s, const char *script) __attribute__((noreturn));

#endif
