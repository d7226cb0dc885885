/* SPDX-License-Identifier: MIT */
/* The map of cook: what the files share.  One struct cook per run. */
#ifndef COOK_H
#define COOK_H

#include "nearest.h"
#include "recipe.h"
#include "target.h"

/* Goes into every key: raised when the way cook builds changes its outputs. */
#define COOK_FORMAT		3	/* of packages for the target */
#define COOK_FORMAT_HOST	1	/* of tools: the compilers take long, so they count apart */
#define COOK_EPOCH	1735689600	/* SOURCE_DATE_EPOCH of every build */

enum state {
	PORT_WAITING,			/* for dependencies, or not looked at */
	PORT_READY,			/* key known, not in the store */
	PORT_RUNNING,
	PORT_DONE,			/* in the store: key and output are valid */
	PORT_FAILED,
	PORT_BLOCKED,			/* a dependency failed */
	PORT_LEFT			/* left out by the budget */
};

/* A package that a recipe names in build-depends beside the usual ones. */
struct extra {
	struct port *p;			/* whose package it is */
	const char *package;		/* of p's recipe's splits */
};

/* A recipe in the graph. */
struct port {
	char *name;			/* unique: of its folder, with @TARGET when that is not the first */
	const char *plain;		/* of its folder: what a user calls it, and its package */
	const struct target *target;	/* the first one for host tools */
	char *dir;
	struct recipe *r;		/* NULL when it has errors */
	struct list errors;		/* "FILE:LINE:COL: reason" */

	struct port **direct;		/* what its recipe names, tools included */
	size_t ndirect;
	struct port **tools, **sys;	/* closures: /calx/tools, sysroot; sorted by name */
	size_t ntools, nsys;
	struct extra *extra;		/* further packages in the sysroot */
	size_t nextra;
	int mark;			/* of the walk that finds cycles */

	enum state state;
	int wanted;			/* part of this run */
	char key[CPK_HEX];
	char output[CPK_HEX];		/* hash of what it put out */
	char sys_output[CPK_HEX];	/* hash of what others are built with */
	struct list inputs;		/* "KIND NAME HASH", what the key is made of */

	double measured;		/* seconds of the last build here, or 0 */
	double estimate, path;		/* seconds: its own; with what waits for it */
	int waiters;			/* itself and how many wait for it, directly or not (choice.c) */
	double started;
	pid_t pid;			/* of its builder while running */
	int token;			/* it holds a token of the jobserver */
	int restarts;
	char *kept;			/* folder of a failed build that the user is asked about */
};

struct cook {
	char *root;			/* of the tree with ports/, toolchain/, os/ */
	char *cache;			/* …/calx */
	struct port *port;		/* sorted by name */
	const struct target *target;	/* --target, or the first */
	size_t nports;
	int jobs;
	int sandbox;			/* 0: --no-sandbox */
	int keep;			/* keep the build folder of failures */
	int ask;			/* there is a terminal: ask about failures */
	int tsv, all, published, stats;	/* --tsv, --all, --published, --stats */
	double budget;			/* seconds, or 0 */
	const char *cache_from;		/* folder or address of finished builds, or NULL */
	const char *timeline;		/* file for a picture of what ran when, or NULL */
	int vary;			/* this is the second build of repro: nothing is stored */
	const char *vary_preload;	/* library for its programs, or NULL */
	struct hashes *hashes;
};

/* tree.c: finding the tree and its recipes */
void cook_open(struct cook *c, const char *dir);
void cook_load(struct cook *c);
struct port *cook_find(const struct cook *c, const char *name);	/* or NULL */
struct port *cook_need(const struct cook *c, const char *name);	/* or die */
/* "; did you mean NAME?" when a recipe is called nearly so, else "". */
const char *cook_hint(const struct cook *c, const char *name, char buf[NEAREST_HINT]);
/* The recipe as built for t, a host tool otherwise; or NULL. */
struct port *cook_find_for(const struct cook *c, const struct target *t, const char *name);
int cook_selected(const struct cook *c, const struct port *p);	/* is it of --target? */
char *cook_path(const struct cook *c, const char *format, ...)	/* in the cache, fresh */
	__attribute__((format(printf, 2, 3)));

/*
 * errors.c: one more error of a recipe that could be read, at the place where its file has `value` as
 * a string, or at its name when that is NULL or not there.  `what` is freed.
 */
void port_error(const struct cook *c, struct port *p, const char *value, char *what);

/* graph.c: who needs whom */
void graph_resolve(struct cook *c);	/* fills direct, tools, sys; errors go to the ports */
void graph_order(struct cook *c, struct port **out);	/* all ports, dependencies first */
void graph_want(struct cook *c, struct port *p);	/* p and all that it needs */
/* The recipe that makes package `name` ("zlib-dev" is of zlib) for t, or NULL. */
struct port *graph_maker(const struct cook *c, const struct target *t, const char *name);

/* hashes.c: hashes of files, remembered by path, size, times and inode */
void hashes_open(struct cook *c);
void hashes_save(struct cook *c);
int hash_file(struct cook *c, const char *path, char hex[CPK_HEX]);
/* A tree of sources; what tree_skips() names, and port.toml, does not count. */
int hash_tree(struct cook *c, const char *path, char hex[CPK_HEX]);
int tree_skips(const char *dir, const char *name);

/* key.c: what goes into a key */
int key_compute(struct cook *c, struct port *p);	/* needs the outputs of its closure */
int key_own_files(const struct cook *c, const struct recipe *r);	/* has {recipe}? */
char *patch_dir(const struct cook *c, const struct recipe *r);
void patch_list(const struct cook *c, const struct recipe *r, struct list *out);

/* store.c: finished builds */
int store_find(struct cook *c, struct port *p);	/* 1 when there: output is filled */
char *store_meta(const struct cook *c, const char *key, const char *field);
void store_meta_all(const struct cook *c, const char *key, const char *field, struct list *out);
char *store_last(const struct cook *c, const char *name);	/* key of the last build or NULL */
void store_set_last(const struct cook *c, const char *name, const char *key);
int store_lock(const struct cook *c, const char *key);	/* descriptor; waits */
/* The hash of one package of a build, or of all of it when it is not known. */
void store_content(const struct cook *c, const struct port *p, const char *package,
		char hex[CPK_HEX]);

/* What is merged into one tree. */
struct merge_set {
	struct port **v;
	size_t n;
	const struct extra *extra;
	size_t nextra;
	int tools;			/* /calx/tools, with a mount point for the sysroot */
	int whole;			/* all packages, whatever the recipe's sysroot key says */
};
/* A merged tree of outputs, built once per set: path, fresh; NULL and a message. */
char *store_merged(struct cook *c, const struct merge_set *set);

/* records.c: how long builds took */
/* A line more, in one write, in a table of the cache; the line is freed. */
void records_append(const struct cook *c, const char *table, char *line);
void records_add(const struct cook *c, const struct port *p, double seconds, const char *result);
void records_estimate(struct cook *c);

/* source.c, mirror.c, fetch.c */
/* The file of source i in the cache, fetched when it is not there; NULL and a message. */
char *source_get(const struct cook *c, const struct recipe *r, size_t i);
char *recipe_fill(const struct recipe *r, const char *s);	/* {name} and {version}; fresh */
char *source_expand(const struct recipe *r, size_t i);		/* the address, so filled in */
/* Fetches source i, of which no sha256 is known yet, into the cache: 0, or -1 and a message. */
int source_fetch_new(const struct cook *c, const struct recipe *r, size_t i, char hex[65]);
int source_have(const struct cook *c, const struct recipe *r, size_t i);
void mirror_list(struct list *out);			/* base addresses, "…/debian" */
int fetch_url(const char *url, const char *to);		/* 0, or -1 and a message */
int fetch_optional(const char *url, const char *to);	/* also -ENOENT, without a message */
int sha256_file(const char *path, char hex[65]);

/* layout.c: the sources of a recipe in the folder dir (made when missing): 0, or -1 and a message */
int layout_sources(const struct cook *c, const struct recipe *r, const char *dir);
/* A file, a link or a folder without what tree_skips() names: 0 or -errno. */
int layout_copy(const char *from, const char *to);

/* prefetch.c: a process that fetches ahead; its pid, or 0 when there is nothing to fetch */
pid_t prefetch_start(const struct cook *c, struct port *const *order);
void prefetch_stop(pid_t pid);

/* split.c: what follows the name and a dash in the packages that cook makes by itself */
extern const char *const split_suffix[];

/* unpack.c, patch.c */
/* Leaves out what a pattern of omit (may be NULL) matches: 0, or -1 and a message. */
int unpack(const char *archive, const char *dir, int strip, const struct list *omit);
int patches_apply(const struct cook *c, const struct recipe *r, const char *src);
int patch_apply(const char *file, const char *src);	/* one, without fuzz: 0 when it applied */

/* build.c: one build, in a process of its own */
#define BUILD_RESTART 75		/* exit status: inputs changed while they were read */
#define BUILD_FOUND 76		/* exit status: another cook had built it meanwhile */
int build_port(struct cook *c, struct port *p);
void build_sweep(struct cook *c);	/* removes what dead builds left */
char *build_dir(const struct cook *c, const struct port *p, pid_t pid);
char *build_log(const struct cook *c, const struct port *p);

/* jobs.c: the jobserver */
void jobs_open(struct cook *c);
void jobs_close(void);			/* also at exit */
int jobs_fd(void);			/* readable when a token is there */
int jobs_take(void);			/* 1 when one was there */
void jobs_give(int n);
void jobs_refill(const struct cook *c);	/* when nothing runs: tokens lost by failures */
const char *jobs_fifo(void);		/* its path, or NULL */
/* MAKEFLAGS for a build: by descriptors, or by the name that it sees the pipe under. */
char *jobs_makeflags(const struct cook *c, const char *name);

/* sched.c */
int sched_run(struct cook *c);		/* builds all wanted ports; 0 when all are there */
/* Computes keys and looks into the store, building nothing. */
void sched_scan(struct cook *c);

/* cmd_check.c */
/* The package of p, and those of the last builds that have the programs its test names. */
void test_packages(const struct cook *c, const struct port *p, struct list *all);
/* Lays out a repository of what is built and runs p's test in a fresh system: 0 when it passed. */
int check_device(struct cook *c, struct port *p);

/* root.c: trees of packages for native tests */
/*
 * Lays into the folder `to` the first files and packages of the target, the first of `names`, of the others
 * those that are built, and all that these need: 0, or -1 with the reason in *why (fresh).
 */
int root_make(struct cook *c, const struct target *t, const struct list *names, const char *to,
		char **why);

/* lint.c: what is wrong with a recipe beyond what reading it finds, added to p->errors */
void lint_port(struct cook *c, struct port *p);
void lint_tree(struct cook *c, struct list *out);	/* with what is in no recipe's hands */

/* the commands: cmd_*.c; each returns the exit status */
int cmd_build(struct cook *c, int argc, char **argv);
int cmd_fetch(struct cook *c, int argc, char **argv);
int cmd_list(struct cook *c, int argc, char **argv);
int cmd_test(struct cook *c, int argc, char **argv);
int cmd_why(struct cook *c, int argc, char **argv);
int cmd_clean(struct cook *c, int argc, char **argv);
int cmd_lint(struct cook *c, int argc, char **argv);
int cmd_out(struct cook *c, int argc, char **argv);
int cmd_keys(struct cook *c, int argc, char **argv);
int cmd_order(struct cook *c, int argc, char **argv);
int cmd_sysroot(struct cook *c, int argc, char **argv);
int cmd_tools(struct cook *c, int argc, char **argv);
int cmd_export(struct cook *c, int argc, char **argv);
int cmd_dev(struct cook *c, int argc, char **argv);
int cmd_bump(struct cook *c, int argc, char **argv);
int cmd_check(struct cook *c, int argc, char **argv);
int cmd_repro(struct cook *c, int argc, char **argv);
int cmd_new(struct cook *c, int argc, char **argv);
int cmd_patch(struct cook *c, int argc, char **argv);
void want_named(struct cook *c, int argc, char **argv);
void need_sandbox(const struct cook *c);	/* or die */

#endif
