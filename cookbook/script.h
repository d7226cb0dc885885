/* SPDX-License-Identifier: MIT */
/* The scripts of a build's steps. */
#ifndef COOK_SCRIPT_H
#define COOK_SCRIPT_H

#include "job.h"

static inline int
is_host(const struct job *j)
{
	return j->r->arch == ARCH_HOST;
}

static inline int
is_cross(const struct job *j)
{
	return !is_host(j) && j->r->toolchain >= TOOLCHAIN_BARE;
}

static inline int
uses_ninja(const struct job *j)
{
	return j->r->system == SYSTEM_CMAKE || j->r->system == SYSTEM_MESON;
}

/* expand.c: each entry after job_expand(): as words quoted for the shell, a space before each; as lines. */
void put_words(const struct job *j, struct buf *b, const struct list *l);
void put_lines(const struct job *j, struct buf *b, const struct list *l);

/* script.c: install 0, or -1 and a message; ninja gets ninja_jobs when the build shares no jobserver. */
void script_configure(const struct job *j, struct buf *b);
void script_build(const struct job *j, struct buf *b, int ninja_jobs);
int script_install(const struct job *j, struct buf *b);

#endif
