/* SPDX-License-Identifier: MIT */
/* One build in progress: shared by build.c, steps.c, script.c, post.c and pack.c. */
#ifndef COOK_JOB_H
#define COOK_JOB_H

#include "cook.h"
#include "sandbox.h"

struct job {
	struct cook *c;
	struct port *p;
	const struct recipe *r;
	char *work;			/* cache/build/NAME-PID: removed at the end */
	char *tools, *sysroot;		/* merged trees on the host */
	struct sandbox box;
	/* the same folders as the build sees them */
	char *src, *build, *dest, *home, *see_tools, *see_sysroot, *recipe;
	char *src_dir;			/* src, or [build] dir below it */
	int shares_jobs;		/* its steps take tokens from the jobserver themselves */
};

/* build.c */
int job_open(struct job *j);		/* makes the work folder, locked until this process ends */
void job_throw_away(struct job *j);	/* the work folder */

/* expand.c */
/* Fills {name} and so on, fresh; braces around other words are the shell's and stay. */
char *job_expand(const struct job *j, const char *s);
/* steps.c: what is run inside */
int steps_run(struct job *j);		/* configure, build, install; 0 or -1 and a message */
void steps_environment(struct job *j);

/* post.c: from the installed tree to what will be packed */
char *job_root(const struct job *j);	/* of the installed files, on the host; fresh */
int post_process(struct job *j);
int strip_tree(const struct job *j, const char *root);	/* strip.c */
/* texts.c: the [test] as a script, the licence texts */
int add_test(const struct job *j, const char *root);
int add_licences(const struct job *j, const char *root);

/* split.c: which package a path is of */
struct package {
	char *name;
	char *summary;
	char *tree;			/* its files, on the host */
	struct list paths;		/* relative, files and links and empty folders */
	struct cpk_manifest m;
};

struct packages {
	struct package *v;
	size_t n;
};

int split_packages(struct job *j, struct packages *out);
/* provides.c: so:, pc:, cmd: of all packages, and what they need */
int find_relations(struct job *j, struct packages *ps);
/* pack.c: manifests, .cpk files, meta; leaves work/store ready to be renamed */
int pack_all(struct job *j, struct packages *ps, double seconds);

/* elf.c: the dynamic section of an ELF64 file */
struct elf_info {
	int type;			/* ET_REL, ET_EXEC, ET_DYN; 0 when it is no ELF */
	int debug;			/* it has debug information */
	char *build_id;			/* hexadecimal, or NULL */
	char *soname;			/* or NULL */
	struct list needed;
	struct list versions;		/* of symbols that it defines: "CALX_1.0" */
	struct list wants;		/* and needs: "libc.so.1(CALX_1.0)" */
};
void elf_read(const char *path, struct elf_info *e);	/* never fails: type is 0 then */
void elf_free(struct elf_info *e);
/*
 * Takes DT_RPATH and DT_RUNPATH out when all their folders are searched anyway or are of
 * this build.  0; 1 when a folder of the build stands among others, which `path` then
 * holds (fresh) and nothing is changed; -errno.
 */
int elf_drop_runpath(const struct job *j, const char *file, char **path);

/* 1 for the files of -dbg: their headers speak of content that they do not hold. */
int is_debug_file(const char *name);

/* For walks over a tree: calls f for everything below root, parents first. */
typedef int tree_fn(const char *path, const char *name, void *arg);
int tree_walk(const char *root, tree_fn *f, void *arg);	/* name is relative to root */

/* Runs a program and waits: its status, or -1. */
int run_program(char *const argv[]);

#endif
