/* SPDX-License-Identifier: MIT */
/*
 * pkg, the package manager: what its files share.
 *
 * All it keeps lies below the root: var/lib/pkg/installed/NAME (manifests of what is installed),
 * var/lib/pkg/world (what the user asked for, a relation a line), pins (versions held),
 * repos/NAME/ (indexes), history/ and store/ (former states, history.h), tx/ (a transaction in
 * progress, tx.h), var/cache/pkg/ (downloads). Functions return 0 or a negative exit status (enum
 * status) and have then said why.
 */
#ifndef PKG_H
#define PKG_H

#include <stdbool.h>

#include "cpk.h"
#include "index.h"

enum status {
	ST_OK,
	ST_FAIL,	/* anything not named below */
	ST_USAGE,
	ST_SOLVE,	/* unknown package, or no solution */
	ST_TRUST,	/* what is kept here is damaged, or trust is not set up */
	ST_NET,		/* the network or the server */
	ST_IO,		/* reading or writing here: full disk, permissions */
	ST_BUSY,	/* another pkg is running */
	ST_DIFFERS,	/* pkg verify found differences */
	ST_CONFLICT,	/* a file is somebody else's: of another package, or of nobody */
	ST_DAMAGED,	/* what pkg itself keeps (journal, data base, history) is damaged */
	/* From 40 on: what a repository was refused for, a number each (tuf.h). */
	ST_SWAPPED = 42,
	ST_EXPIRED = 44,
	ST_ENDLESS = 46,
	ST_SLOW = 47,
	ST_BOMB = 51,
	ST_CLOCK = 52,
};

#define DB_DIR		"var/lib/pkg"
#define DB_INSTALLED	DB_DIR "/installed"
#define DB_WORLD	DB_DIR "/world"
#define DB_REPOS	DB_DIR "/repos"
#define DB_PINS		DB_DIR "/pins"
#define DB_HISTORY	DB_DIR "/history"
#define DB_STORE	DB_DIR "/store"
#define CACHE_DIR	"var/cache/pkg"
#define CONF_FILE	"etc/pkg/repos.conf"
#define TRUST_DIR	"etc/pkg/trust"	/* NAME.json: the root that a repository is trusted by */
#define MAX_REPOS	16

/* A list beside the index, fetched when it is asked for (lists.c); packed is 0 when there is none. */
enum list { LIST_FILES, LIST_PATCHES, NLISTS };
struct repo_list {
	char sha256[65];		/* of the file, of packed bytes */
	uint64_t packed;
	uint8_t hash[CPK_HASH];		/* of the text */
	uint64_t bytes;
};

/* What is known of a repository since its last update: var/lib/pkg/repos/NAME/current. */
struct repo_state {
	struct repo_list lists[NLISTS];
	uint64_t version;		/* of its timestamp */
	int64_t created, expires;	/* when it was updated, and until when that counts */
	uint8_t hash[CPK_HASH];		/* BLAKE2b-256 of the index's text: index-HASH here */
	uint64_t bytes;			/* length of the text */
};

struct repo {
	char name[CPK_MAX_NAME + 1];
	char url[1024];			/* without the last '/' */
	char ca[1024];			/* CA file, below the root, or "" */
	int priority;			/* the greatest that has a package wins; 50 unless said */
	char channel[CPK_MAX_NAME + 1];	/* the folder of the URL that it is read from, or "" */
	unsigned stall;			/* seconds without progress that end a download */
	struct repo_state now;		/* of the index that is here */
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
	const char *command;		/* as the history names it */
	int rootfd;
	int lockfd;
	const char *arch;
	bool quiet, keep_cache, json, dry_run;
	bool changing;			/* this is a command that changes the system */
	bool recovered;			/* db_open has finished an interrupted transaction */
	unsigned threads;		/* that unpack; 0: as many as processors */
	struct repo repos[MAX_REPOS];
	size_t nrepos;
	struct installed *inst;		/* sorted by name */
	size_t ninst;
	struct cpk_list world;		/* "NAME" or "NAME OP VERSION" */
	struct cpk_list pins;		/* "NAME = VERSION" */
};

/* What a transaction does: packages to install (from an index or a file) and names to remove. */
struct plan_item {
	const struct cpk_package *p;	/* new package */
	const struct repo *repo;	/* where it comes from, or NULL */
	const struct cpk_manifest *kept; /* a former version, its files in the store (history.h) */
	const struct installed *old;	/* what it replaces, or NULL */
	bool patched;			/* its stream is in the cache (patches.c), */
	size_t manifest;		/* with a manifest of this length, */
	uint8_t manifest_hash[CPK_HASH];	/* which was signed for it */
};

struct plan {
	struct plan_item *add;
	size_t nadd;
	struct cpk_list world;		/* as it shall be */
	const struct installed **del;	/* removed without replacement */
	size_t ndel;
	struct cpk_manifest *kept;	/* of former versions, which items point to */
	struct cpk_package *kept_p;
	size_t nkept;
	bool repair;			/* the same versions again, only what differs */
};

/* msg.c: messages. complain and fail write "pkg: TEXT"; fail returns -status. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int fail(enum status status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void say(const struct pkg *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *human(uint64_t bytes, char buf[16]);
/* Colours for a terminal: SGR sequences, or "" when f is none, NO_COLOR is set or output is JSON. */
enum colour { PLAIN, BOLD, RED, GREEN, YELLOW };
const char *colour(const struct pkg *k, enum colour c);

/*
 * progress.c: lines that show downloads under way; nothing unless standard error is a terminal.
 * begin returns an id for the others, or -1, which they ignore.
 */
int progress_begin(struct pkg *k, const char *label, uint64_t total);
void progress_add(struct pkg *k, int id, uint64_t bytes);
void progress_end(struct pkg *k, int id);

/* config.c */
int config_load(struct pkg *k);
int config_parse(struct pkg *k, char *text, size_t n);	/* changes text; n without its NUL */

/* files.c: whole files and paths below the root. */
int open_parent(int rootfd, const char *path, const char **base);
int make_dirs(int rootfd, const char *path, unsigned mode);
int slurp(int dirfd, const char *path, size_t max, char **data, size_t *n);
int spill(int dirfd, const char *path, const void *data, size_t n);
int sync_all(int rootfd);
int remove_tree(int rootfd, const char *path);

/*
 * A walk from folder to folder below the root. walk_to opens the folder that holds path (walk.fd,
 * owned by the walk) and refuses links on the way; going to a neighbour costs little. What it has
 * open must not be moved meanwhile: after the removal of a folder comes walk_reset.
 */
#define WALK_DEPTH	200
struct walk {
	int rootfd, fd;
	bool keep_missing;		/* nothing is made meanwhile: missing folders stay missing */
	size_t depth;
	int fds[WALK_DEPTH];
	size_t len[WALK_DEPTH];		/* fds[i] is the folder path[0..len[i]] */
	char path[CPK_MAX_PATH + 1], missing[CPK_MAX_PATH + 1];
};
void walk_begin(struct walk *w, int rootfd);
int walk_to(struct walk *w, const char *path, const char **base);
void walk_reset(struct walk *w);
void walk_end(struct walk *w);

/* db.c */
int db_open(struct pkg *k, bool write);
void db_close(struct pkg *k);
struct installed *db_find(const struct pkg *k, const char *name);

/* A file of relations, one a line; '#' begins a comment. text is changed; path names it in errors. */
int relations_parse(struct cpk_list *out, char *text, size_t n, const char *path);

/* The relation of a world or pins list (sorted) that names a package, or NULL. */
const char *relation_of(const struct cpk_list *l, const char *name);

/* Puts relation in place of what the list says of name; NULL takes it out. -ENOMEM. */
int relation_set(struct cpk_list *l, const char *name, const char *relation);

/* repos.c */
int repos_update(struct pkg *k);
int repos_states(struct pkg *k);	/* which indexes are here, and whether they still count */
int repos_load(struct pkg *k);		/* the same, and the indexes; one never updated is !known */
bool have_index(struct pkg *k, const char *path, const struct repo_state *s);

/* fetch.c */
struct download {
	const char *url;
	const char *ca;			/* absolute path of a CA file, or NULL */
	const char *path;		/* where it goes, below the root */
	uint64_t bytes;			/* exact length, or the most when !exact */
	bool exact;			/* length and hash are known: resumed, verified */
	uint8_t hash[CPK_HASH];
	bool (*right)(int fd, const void *arg);	/* looks at the content instead of hash; or NULL */
	const void *arg;
	enum status wrong;		/* for content that is not right; 0: ST_SWAPPED */
	bool optional;			/* a file the server does not have is no error: missing is set */
	bool missing;
	unsigned stall;			/* seconds without progress; 0: 30 */
	const char *label;
};
int fetch(struct pkg *k, struct download *d, size_t n);

/*
 * plan.c: asks the solver. Names are relations, or "NAME@REPOSITORY" to install; the world list as
 * it shall be is made too. rollback.c makes plans of former states.
 */
enum plan_verb { PLAN_INSTALL, PLAN_REMOVE, PLAN_UPGRADE, PLAN_AUTOREMOVE };
int plan_make(struct pkg *k, enum plan_verb verb, char **names, size_t n, struct plan *out);
void plan_free(struct plan *p);

/* explain.c: why there is no solution, as chains of causes. Returns -ST_SOLVE. */
struct s_Solver;
int explain(const struct pkg *k, struct s_Solver *s);

/* change.c: carries out a plan; says in it which packages came as patches. */
int change(struct pkg *k, struct plan *p);

/* Commands: cmd_*.c. Their argv[0] is the name of the command. */
typedef int command_fn(struct pkg *k, int argc, char **argv);
command_fn cmd_update, cmd_install, cmd_remove, cmd_upgrade, cmd_autoremove, cmd_recover, cmd_clean;
command_fn cmd_list, cmd_search, cmd_info, cmd_files, cmd_owns, cmd_why, cmd_provides, cmd_installable;
command_fn cmd_tuf, cmd_verify, cmd_repair, cmd_history, cmd_rollback, cmd_pin, cmd_unpin;

/* What several commands begin with. */
int open_all(struct pkg *k, bool indexes);	/* to change the system */
int open_indexes(struct pkg *k);		/* to look */
void show_plan(const struct pkg *k, const struct plan *p);

#endif
