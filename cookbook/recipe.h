/* SPDX-License-Identifier: MIT */
/* What a recipe (port.toml) says; see port.toml(5). */
#ifndef COOK_RECIPE_H
#define COOK_RECIPE_H

#include "util.h"

#define COOK_TARGET "x86_64-pc-calx"

enum arch { ARCH_TARGET, ARCH_HOST, ARCH_ANY };
enum toolchain { TOOLCHAIN_NONE, TOOLCHAIN_BARE, TOOLCHAIN_C, TOOLCHAIN_CXX, TOOLCHAIN_DEFAULT };
enum sysroot_part { SYSROOT_LINK, SYSROOT_DEV, SYSROOT_ALL };
enum build_system {
	SYSTEM_AUTOTOOLS, SYSTEM_CONFIGURE, SYSTEM_CMAKE, SYSTEM_MESON, SYSTEM_MAKE,
	SYSTEM_COPY, SYSTEM_SHELL
};

struct split {
	char *name;
	char *summary;			/* or NULL */
	struct list files, depends;
};

struct recipe {
	char *dir;			/* "ports/zlib", below the root of the tree */
	char *file;			/* "ports/zlib/port.toml", as messages name it */
	char *name, *version, *license, *summary, *homepage;
	char *inner;			/* archive inside the first source, or NULL */
	char *patches;			/* folder below patches/, or NULL: the name */
	int64_t release, strip;
	struct list license_files;	/* below the sources, beside those found by their names */
	struct list cpe;		/* "VENDOR:PRODUCT", as the NVD calls it */
	struct list omit;		/* patterns of paths that are not unpacked */
	struct list source, sha256;	/* of equal length */
	struct list depends, build_depends, host_tools, provides, conflicts;
	enum arch arch;
	enum toolchain toolchain;
	enum sysroot_part sysroot;	/* which of its packages others are built with */

	enum build_system system;
	char *subdir;			/* [build] dir, or NULL */
	int64_t in_source, keep_symbols, debug;
	struct list args, make_args, targets, install, env, cache, before, after, remove;
	struct list copies, links, dirs;	/* "SRC DST", "TARGET PATH", "PATH" */
	struct split *splits;
	size_t nsplits;
	struct list test;
	char *test_program;		/* compiled against the port, or NULL */
	struct list test_args;
	int64_t test_timeout;

	int name_line, name_col;	/* for messages about the recipe as a whole */
};

/*
 * Reads the text of a recipe.  On error returns NULL, having appended
 * "FILE:LINE:COL: reason" lines to errors (all that the schema finds, or the one
 * that the parser stopped at).
 */
struct recipe *recipe_parse(const char *dir, const char *text, size_t len,
		struct list *errors);
void recipe_free(struct recipe *r);

/* A text that is equal for recipes that say the same, whatever their layout. */
char *recipe_normal(const struct recipe *r);

/* NULL, or why expr is no SPDX licence expression (a constant sentence). */
const char *spdx_refused(const char *expr);
extern const char *const spdx_ids[], *const spdx_exceptions[];	/* sorted, NULL at the end */

#endif
