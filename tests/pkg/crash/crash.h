/* SPDX-License-Identifier: MIT */
/*
 * Every state that a crash of pkg could leave: pkg's file operations are recorded through its
 * table (fsops.h), and replayed onto a model of the disk up to every one of them, with what was not
 * synced lost in several ways.
 */
#ifndef CRASH_H
#define CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind { OP_CREATE, OP_TRUNC, OP_WRITE, OP_MKDIR, OP_RENAME, OP_UNLINK, OP_RMDIR, OP_LINK, OP_SYMLINK,
	OP_CHMOD, OP_FCHMOD, OP_FSYNC, OP_SYNC };

struct op {
	enum op_kind kind;
	unsigned mode, id;		/* id: of the open file, for CREATE TRUNC WRITE FCHMOD FSYNC */
	char *a, *b;			/* paths below the root; b is the target of links */
	char *data;
	size_t n;
};

struct log {
	struct op *v;
	size_t n;
};

/* A file, folder or link of the model; names share it. */
struct node {
	char type;			/* 'f' 'd' 'l' */
	unsigned mode, id, refs;
	char *data;			/* content, or target */
	size_t n;
};

struct name {
	char *path;
	struct node *node;
};

struct model {
	struct name *v;			/* sorted by path */
	size_t n;
};

/* record.c: from now on pkg's operations are real and logged to the file, below that root. */
void record_to(const char *file, const char *root);
void record_stop(void);
int log_read(struct log *l, const char *file);
void log_free(struct log *l);

/* model.c */
void model_load(struct model *m, const char *root);
void model_copy(struct model *to, const struct model *from);
void model_free(struct model *m);

/* Applies an op as far as it is possible; what is not, because an op before was lost, is skipped. */
void model_apply(struct model *m, const struct op *o);

bool model_is_folder(const struct model *m, const char *path);

/* Empties the content of file id: its data was not synced. */
void model_lose(struct model *m, unsigned id);

/* Makes the folder root hold exactly the model. */
void model_write(const struct model *m, const char *root);

/* One hash over all that a state is judged by: not pkg's lock, cache, store and stage. */
uint64_t model_hash(const struct model *m);

#endif
