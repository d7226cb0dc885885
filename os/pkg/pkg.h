/* SPDX-License-Identifier: MIT */
/*
 * pkg, the package manager: what its files share.
 *
 * All it keeps lies below the root: var/lib/pkg/installed/NAME (manifests of what is installed),
 * var/lib/pkg/world (what the user asked for, a name a line), var/lib/pkg/repos/NAME/ (index.signed
 * and the index it names), var/lib/pkg/tx/ (a transaction in progress, tx.h), var/cache/pkg/
 * (downloads). Functions return 0 or a negative exit status (enum status) and have then said why.
 */
#ifndef PKG_H
#define PKG_H

#include <stdbool.h>

#include "cpk.h"
#include "index.h"
#include "signed.h"

enum status {
	ST_OK,
	ST_FAIL,	/* anything not named below */
	ST_USAGE,
	ST_SOLVE,	/* unknown package, or no solution */
	ST_TRUST,	/* signature, hash, rollback, expiry */
	ST_NET,		/* the network or the server */
	ST_IO,		/* reading or writing here: full disk, permissions */
	ST_BUSY,	/* another pkg is running */
	ST_DIFFERS,	/* pkg verify found differences */
};

#define DB_DIR		"var/lib/pkg"
#define DB_INSTALLED	DB_DIR "/installed"
#define DB_WORLD	DB_DIR "/world"
#define DB_REPOS	DB_DIR "/repos"
#define CACHE_DIR	"var/cache/pkg"
#define CONF_FILE	"etc/pkg/repos.conf"
#define KEY_DIR		"etc/pkg/keys"
#define MAX_REPOS	16

struct repo {
	char name[CPK_MAX_NAME + 1];
	char url[1024];			/* without the last '/' */
	char ca[1024];			/* CA file, below the root, or "" */
	struct cpk_root root;		/* of the index that is here */
	bool known;			/* an index is here */
	struct cpk_index index;
};

struct installed {
	struct cpk_manifest m;
	bool world;			/* the user asked for it */
};

struct pkg {
	const char *root;		/* "/" or --root */
	const char *config;		/* --config: instead of CONF_FILE, or NULL */
	int rootfd;
	int lockfd;
	const char *arch;
	bool quiet, yes, keep_cache;
	struct repo repos[MAX_REPOS];
	size_t nrepos;
	struct cpk_keys keys;
	struct installed *inst;		/* sorted by name */
	size_t ninst;
	struct cpk_list world;
};

/* What a transaction does: packages to install (from an index or a file) and names to remove. */
struct plan_item {
	const struct cpk_package *p;	/* new package */
	const struct repo *repo;	/* where it comes from; NULL: a local file */
	const char *file;		/* the local file */
	const struct installed *old;	/* what it replaces, or NULL */
};

struct plan {
	struct plan_item *add;
	size_t nadd;
	const struct installed **del;	/* removed without replacement */
	size_t ndel;
};

/* msg.c: messages. complain and fail write "pkg: TEXT"; fail returns -status. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int fail(enum status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void say(const struct pkg *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *human(uint64_t bytes, char buf[16]);

/* config.c */
int config_load(struct pkg *k);
int keys_load(struct pkg *k);

/* files.c: whole files and paths below the root. */
int open_parent(int rootfd, const char *path, const char **base);
int make_dirs(int rootfd, const char *path, unsigned mode);
int slurp(int dirfd, const char *path, size_t max, char **data, size_t *n);
int spill(int dirfd, const char *path, const void *data, size_t n);
int sync_all(int rootfd);
int remove_tree(int rootfd, const char *path);

/* db.c */
int db_open(struct pkg *k, bool write);
void db_close(struct pkg *k);
struct installed *db_find(const struct pkg *k, const char *name);
bool world_has(const struct pkg *k, const char *name);

/* repos.c */
int repos_update(struct pkg *k);
int repos_load(struct pkg *k);

/* fetch.c */
struct download {
	const char *url;
	const char *ca;			/* absolute path of a CA file, or NULL */
	const char *path;		/* where it goes, below the root */
	uint64_t bytes;			/* exact length, or the most when !exact */
	bool exact;			/* length and hash are known: resumed, verified */
	uint8_t hash[CPK_HASH];
	const char *label;
};
int fetch(struct pkg *k, struct download *d, size_t n);

/* plan.c */
enum plan_verb { PLAN_INSTALL, PLAN_REMOVE, PLAN_UPGRADE };
int plan_make(struct pkg *k, enum plan_verb verb, char **names, size_t n, struct plan *out);
void plan_free(struct plan *p);

/* change.c: carries out a plan, with the world list as it shall be. */
int change(struct pkg *k, const struct plan *p, const struct cpk_list *world);

/* Commands: cmd_*.c. */
int cmd_update(struct pkg *k, int argc, char **argv);
int cmd_install(struct pkg *k, int argc, char **argv);
int cmd_remove(struct pkg *k, int argc, char **argv);
int cmd_upgrade(struct pkg *k, int argc, char **argv);
int cmd_list(struct pkg *k, int argc, char **argv);
int cmd_search(struct pkg *k, int argc, char **argv);
int cmd_info(struct pkg *k, int argc, char **argv);
int cmd_files(struct pkg *k, int argc, char **argv);
int cmd_owns(struct pkg *k, int argc, char **argv);
int cmd_verify(struct pkg *k, int argc, char **argv);
int cmd_recover(struct pkg *k, int argc, char **argv);
int cmd_clean(struct pkg *k, int argc, char **argv);

#endif
