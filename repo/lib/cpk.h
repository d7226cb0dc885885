/* SPDX-License-Identifier: MIT */
/*
 * The Calx package format (.cpk): manifests, writing and reading packages.
 *
 * A package is a pax tar inside zstd.  Its first member is ".manifest", a text
 * described in cpk(5); the other members follow in the order of the manifest's
 * file table, which is sorted by path (bytewise) and names every parent
 * directory.  All functions return 0 (or what their comment says) or a negative
 * errno, and then a sentence in err: "FILE:LINE:COL: reason" or "FILE: reason".
 */
#ifndef CPK_H
#define CPK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CPK_FORMAT	1		/* first line: "cpk 1" */
#define CPK_HASH	32		/* bytes of a BLAKE2b-256 */
#define CPK_HEX		(2 * CPK_HASH + 1)
#define CPK_MANIFEST	".manifest"	/* name of the first member */

/* Bounds of what a reader accepts; a writer never goes beyond them. */
#define CPK_MAX_TEXT	(64u << 20)	/* bytes of a manifest */
#define CPK_MAX_LINE	8192		/* bytes of one line */
#define CPK_MAX_FILES	500000		/* rows of the file table */
#define CPK_MAX_LIST	4096		/* entries of depends, provides, … each */
#define CPK_MAX_NAME	64		/* bytes of a package name */
#define CPK_MAX_VERSION	64		/* bytes of a version */
#define CPK_MAX_PATH	1023		/* bytes of a path or of a link target */
#define CPK_MAX_COMP	255		/* bytes of one component of a path */
#define CPK_MAX_ATTRS	64		/* extended attributes of one file */
#define CPK_MAX_VALUE	2048		/* bytes of the value of one */

#define CPK_ERRLEN	512
struct cpk_error {
	char text[CPK_ERRLEN];
};

/* An extended attribute of a file or directory. */
struct cpk_attr {
	char *name;			/* "user.x" */
	uint8_t *value;
	size_t len;
};

/* One row of the file table. */
struct cpk_file {
	char type;			/* 'f' file, 'd' directory, 'l' symbolic, 'h' hard link */
	unsigned mode;			/* 07777 at most; 0777 for links */
	char *owner, *group;		/* names, as in passwd(5) */
	uint64_t size;			/* bytes; 0 unless type is 'f' */
	uint8_t hash[CPK_HASH];		/* BLAKE2b-256 of the content; zero unless 'f' */
	char *path;			/* relative, "usr/bin/x": no "..", ".", "//" */
	char *link;			/* 'l': target, relative and inside the root; 'h': the path of */
					/* an 'f' row above; else NULL */
	struct cpk_attr *attrs;		/* sorted by name */
	size_t nattrs;
};

struct cpk_list {
	char **v;
	size_t n;
};

/* All strings are owned by the manifest; absent ones are NULL. */
struct cpk_manifest {
	char *name;			/* [a-z0-9][a-z0-9+._-]* */
	char *version;			/* [0-9A-Za-z][0-9A-Za-z.+~_]* */
	unsigned release;		/* from 1 */
	char *arch;			/* "x86_64-pc-calx", "any" */
	char *license;			/* SPDX expression */
	char *summary;			/* one line */
	char *homepage;			/* URL, or NULL */
	char *origin;			/* folder of the recipe: "ports/zlib" */
	char *commit;			/* commit of the recipe, or NULL */
	struct cpk_list depends;	/* "NAME" or "NAME OP VERSION", OP: = < > <= >= */
	struct cpk_list provides;	/* "NAME" or "NAME = VERSION"; also so: pc: cmd: */
	struct cpk_list conflicts;	/* like depends */
	struct cpk_list replaces;	/* like depends: other names that this package succeeds */
	struct cpk_list sources;	/* "SHA256-HEX LOCATION" */
	uint64_t size;			/* installed size: sum of the files' sizes */
	struct cpk_file *files;		/* sorted by path, each parent present as 'd' */
	size_t nfiles;
};

/* --- manifests ------------------------------------------------------ */

/*
 * Parses len bytes of text (need not end in NUL) into *m.  file names the text
 * in errors.  Everything is checked: bounds, names, paths, order, parents, link
 * targets.  On error *m is empty; on success cpk_manifest_free() releases it.
 */
int cpk_manifest_parse(struct cpk_manifest *m, const char *text, size_t len,
		const char *file, struct cpk_error *err);

/* Prints *m into a fresh string (free() it); the inverse of parsing, byte for byte. */
int cpk_manifest_print(const struct cpk_manifest *m, char **text, size_t *len);

/* Prints only the lines that say what is installed (name, depends, provides, files). */
int cpk_manifest_print_content(const struct cpk_manifest *m, char **text, size_t *len);

void cpk_manifest_free(struct cpk_manifest *m);

/* The row for path, or NULL. */
const struct cpk_file *cpk_manifest_find(const struct cpk_manifest *m, const char *path);

/* Appends a copy of s; -ENOMEM when out of memory. */
int cpk_list_add(struct cpk_list *l, const char *s);
void cpk_list_sort(struct cpk_list *l);		/* sorts bytewise and drops repeats */
void cpk_list_free(struct cpk_list *l);

/* --- names, versions, paths ----------------------------------------- */

/* One relation of depends, provides or conflicts, in parts. */
struct cpk_dep {
	char name[CPK_MAX_NAME + 1];
	char op[3];			/* "", "=", "<", ">", "<=", ">=" */
	char version[CPK_MAX_VERSION + 8 + 1]; /* "VERSION" or "VERSION-RELEASE" */
};

/* Splits s into *d; -EINVAL when it is not a relation. */
int cpk_dep_parse(struct cpk_dep *d, const char *s);

/*
 * Orders two versions "VERSION[-RELEASE]" the way RPM and libsolv do: runs of
 * digits by number, runs of letters bytewise, '~' before everything; a missing
 * release equals every release.  Returns <0, 0 or >0.
 */
int cpk_version_cmp(const char *a, const char *b);

int cpk_name_ok(const char *name);		/* 1 when a valid package name */
int cpk_version_ok(const char *version);	/* 1 when a valid version */

/* 0, or why the path or link target is refused: a constant sentence. */
const char *cpk_path_refused(const char *path);
const char *cpk_link_refused(const char *path, const char *target);

/* --- hashes --------------------------------------------------------- */

/* Must be called once before anything that hashes; 0 or -EIO. */
int cpk_init(void);
void cpk_hash(const void *data, size_t len, uint8_t out[CPK_HASH]);
int cpk_hash_fd(int fd, uint8_t out[CPK_HASH], uint64_t *size);
void cpk_hex(const uint8_t hash[CPK_HASH], char hex[CPK_HEX]);
int cpk_unhex(const char *hex, uint8_t hash[CPK_HASH]);	/* exactly 64 lower-case digits */

/* --- writing -------------------------------------------------------- */

/*
 * Fills m->files and m->size from the tree below dir: all of it when paths is
 * NULL, else the given paths and their parent directories.  Owner and group are
 * root, hard links become files of their own, absolute link targets are made
 * relative, special files are refused.
 */
int cpk_scan(struct cpk_manifest *m, const char *dir, const struct cpk_list *paths,
		struct cpk_error *err);

/* As cpk_scan of a whole tree, but hard links and extended attributes stay what they are. */
int cpk_scan_exact(struct cpk_manifest *m, const char *dir, struct cpk_error *err);

/*
 * Writes the package of *m (whose file table describes the tree below dir) to
 * the file out: same input, same bytes.  mtime is the time of every member,
 * level the one of zstd.  The file appears complete or not at all.
 */
int cpk_write(const char *out, const struct cpk_manifest *m, const char *dir,
		time_t mtime, int level, struct cpk_error *err);

/* --- reading -------------------------------------------------------- */

struct cpk_reader;

/* What many readers of one thread use in turn, so that each costs less. */
struct cpk_unzip;
struct cpk_unzip *cpk_unzip_new(void);
void cpk_unzip_free(struct cpk_unzip *u);

/* Opens a package and reads its manifest.  The fd variant takes over fd. */
int cpk_open(struct cpk_reader **r, const char *file, struct cpk_error *err);
int cpk_open_fd(struct cpk_reader **r, int fd, const char *file, struct cpk_error *err);

/* A whole file of at most max bytes into memory, fresh; fd is closed. And a package that is there. */
int cpk_load(int fd, size_t max, void **data, size_t *n);
int cpk_open_data(struct cpk_reader **r, void *data, size_t n, const char *file, struct cpk_unzip *u,
		struct cpk_error *err);		/* takes data over also when it fails */

/*
 * The same of a package's stream (patch.h) of n bytes, which the reader takes over also when it
 * fails: the first `manifest` of them are its manifest, of that hash, or it is -EKEYREJECTED.
 */
int cpk_open_stream(struct cpk_reader **r, void *data, size_t n, size_t manifest,
		const uint8_t hash[CPK_HASH], const char *file, struct cpk_error *err);
const struct cpk_manifest *cpk_reader_manifest(const struct cpk_reader *r);

/*
 * The same for a package of known hash and length: -EKEYREJECTED, before anything of it is looked
 * at, when fd has another. What is read then are the very bytes that were hashed. u may be NULL.
 */
int cpk_open_known(struct cpk_reader **r, int fd, const char *file, const uint8_t hash[CPK_HASH],
		uint64_t bytes, struct cpk_unzip *u, struct cpk_error *err);

/* Moves the manifest, and its text, out of a reader that will only be closed. */
void cpk_reader_take(struct cpk_reader *r, struct cpk_manifest *m, char **text, size_t *len);

/*
 * Hashes of short files in the lanes of vector registers (hashes.c). A reader that is given them
 * leaves the hash of short files to cpk_hashes_check, which must be called before what was read
 * counts, and before `want` and `name` go: 0, or -EBADMSG and the name of one that differs. With
 * room for a text it is added in pieces and ended.
 */
struct cpk_hashes;
struct cpk_hashes *cpk_hashes_new(void);
void cpk_hashes_free(struct cpk_hashes *h);
int cpk_hashes_room(const struct cpk_hashes *h, uint64_t n);
void cpk_hashes_add(struct cpk_hashes *h, const void *data, size_t n);
void cpk_hashes_end(struct cpk_hashes *h, const uint8_t want[CPK_HASH], const char *name);
int cpk_hashes_check(struct cpk_hashes *h, const char **bad);
void cpk_reader_defer(struct cpk_reader *r, struct cpk_hashes *h);

/*
 * Steps to the next member: 1 and *f (row of the manifest), 0 after the last
 * one, negative on error.  Data not yet read is skipped but still verified.  A
 * member that differs from its row in any way is an error.  Only when this has
 * returned 0 is the whole package known to be good.
 */
int cpk_next(struct cpk_reader *r, const struct cpk_file **f, struct cpk_error *err);

/*
 * Reads content of the current file: bytes, 0 at its end.  The end is only
 * reported when length and hash equal the manifest's, else -EBADMSG.
 */
ssize_t cpk_read(struct cpk_reader *r, void *buf, size_t len, struct cpk_error *err);

/* The same without a copy: *p points to bytes that stay until the next call. */
ssize_t cpk_piece(struct cpk_reader *r, const void **p, struct cpk_error *err);
void cpk_close(struct cpk_reader *r);

/* Reads a whole package and writes nothing: 0 when all of it verifies. */
int cpk_verify(const char *file, struct cpk_error *err);

/*
 * Unpacks the package into the existing, empty directory dir (for images, tests
 * and inspection; pkg stages files itself).  Owners are not set.
 */
int cpk_extract(const char *file, const char *dir, struct cpk_error *err);

#endif
