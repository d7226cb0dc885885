/* SPDX-License-Identifier: MIT */
/*
 * The index of a repository: every package of it, as a text inside one zstd frame (index(5)).
 *
 *	calx-index 1
 *
 *	name bash
 *	version 5.2.37-1		VERSION-RELEASE
 *	arch x86_64-pc-calx
 *	license GPL-3.0-or-later
 *	summary GNU Bourne-Again shell
 *	depends libc			repeated, as are provides, conflicts and replaces
 *	origin ports/bash
 *	size 3145728			installed bytes
 *	package HASH BYTES		BLAKE2b-256 and length of the file in pool/
 *
 * An empty line ends each package. Keys come in this order; summary, license, origin may miss.
 * The file of a package is pool/HH/HASH.cpk, HH the first two digits of HASH.
 */
#ifndef CPK_INDEX_H
#define CPK_INDEX_H

#include "cpk.h"

#define CPK_MAX_PACKAGES	200000
#define CPK_MAX_INDEX		(512u << 20)	/* bytes of text */
#define CPK_MAX_PACKAGE		(4ull << 30)	/* bytes of a package file */

struct cpk_package {
	char *name, *version, *arch;		/* version with release: "1.3.1-1" */
	char *license, *summary, *origin;	/* may be NULL */
	struct cpk_list depends, provides, conflicts, replaces;
	uint64_t size;				/* installed */
	uint8_t hash[CPK_HASH];
	uint64_t bytes;				/* of the package file */
};

struct cpk_index {
	struct cpk_package *v;
	size_t n, cap;
};

/* Parses the text of an index; on error *x is empty. file names it in errors. */
int cpk_index_parse(struct cpk_index *x, const char *text, size_t len, const char *file,
		struct cpk_error *err);
int cpk_index_print(const struct cpk_index *x, char **text, size_t *len);
void cpk_index_free(struct cpk_index *x);

/* A new, empty package at the end; NULL when out of memory. */
struct cpk_package *cpk_index_add(struct cpk_index *x);
void cpk_package_clear(struct cpk_package *p);

/* Fills p from a manifest (all but hash and bytes). */
int cpk_package_from(struct cpk_package *p, const struct cpk_manifest *m);

/* Sorts by name, then from the highest version to the lowest. */
void cpk_index_sort(struct cpk_index *x);

/* Packs text into a zstd frame, and back: exactly len bytes must come out. */
int cpk_zstd_pack(const void *text, size_t len, char **out, size_t *outlen);
int cpk_zstd_unpack(const void *data, size_t n, size_t len, char **out, const char *file,
		struct cpk_error *err);

#endif
