/* SPDX-License-Identifier: MIT */
/*
 * fs, the file server: what its files share. One thread runs the message loop and owns all of this; a few
 * workers read, verify and write for it (jobs.c).
 *
 * Three things stand for a file:
 *   struct cfs_inode  the library's; attributes as the disk will have them.
 *   struct fnode      a regular file with a page cache: owns the mem. While the mem exists its size is the
 *                     file's size, and its dirty pages are newer than the disk. Hangs on inode->priv.
 *   struct ofile      one open file (an open description): what a client's handle names.
 */
#ifndef FSD_H
#define FSD_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "../../abi/mem.h"
#include "../../lib/srv.h"
#include "lib/calxfs.h"

#define PATH_SIZE	4096
#define ACCMODE		3u	/* O_ACCMODE of some libraries has O_PATH in it */
#define PAGE		4096u
#define BUF_PAGES	512u

struct fifo;
struct cage;

/* What a cage allows with a file: nothing, to walk through, to read, all. */
enum cage_level { CAGE_NONE, CAGE_PASS, CAGE_R, CAGE_W };

struct fnode {
	struct cfs_inode *ip;		/* referenced */
	handle_t mem;
	uint32_t opens, writers;	/* ofiles; those that may write */
	uint32_t jobs;			/* reads on their way: it must stay */
	uint64_t version;		/* grows when what the disk has for it changes */
	uint64_t credit;		/* pages granted and not yet written back */
	uint32_t batch;			/* most pages to grant next time */
	struct pagein *ins;		/* reads of its pages on their way */
	uint64_t asked, ahead;		/* where the pages asked for last, and those read ahead, end */
	uint32_t window;		/* bytes to read beyond what is asked for; 0: not read straight on */
	bool dirty;			/* some page may be dirty */
	bool announce;			/* watched: to be written back soon, so that the next write is heard of */
	uint64_t told;			/* size when its watchers were told last */
	uint64_t dir;			/* number of the directory it was opened in last */
	bool stamped;			/* mtime is newer than the inode's */
	bool more;			/* pages became dirty since they were counted */
	uint64_t pending, counted;	/* blocks that dirty pages will take, at which version that was so */
	struct cfs_time mtime;
	struct fnode *prev, *next;	/* list of all, least recently used first */
};

struct ofile {
	struct cfs_inode *ip;		/* referenced */
	struct fnode *fn;		/* NULL: no page cache */
	struct fifo *fifo;		/* NULL: not an open fifo */
	uint64_t dir;			/* inode of the directory it was opened in, for its path */
	uint32_t flags;			/* O_* */
	struct cage *cage;		/* NULL, or the sandbox that it was opened in; counted */
	enum cage_level level;		/* in a cage: of the file when it was opened */
};

struct fsd {
	struct srv srv;
	struct cfs *fs;
	char prefix[256];		/* "/" or "/tmp": no slash at its end otherwise */
	bool ram;			/* on memory: never written back but for lack of it */
	bool readonly;
	uint64_t dev;			/* st_dev */
	uint64_t root_koid;
	uint64_t outstanding, limit;	/* pages: granted and not written back; when to write back early */
	struct fnode *old, *young;	/* all fnodes */
	uint32_t nfnodes;
	int timer;			/* calls fs_tick */
	bool armed;			/* then a write back is due */
	uint8_t *buf;			/* BUF_PAGES, page aligned */
	struct cage *cage;		/* of the request being tried, or NULL */
	enum cage_level level;		/* then: of what was walked to last, at first of the file called */
	struct cfs_time now;		/* of the message being handled, once somebody has asked; sec -1: nobody */
	bool nowait;			/* the request being tried may be put aside; only until it changes something */
};

extern struct fsd fsd;

/* dev.c */
int dev_block(struct cfs_io *io, const char *name, bool *readonly);	/* a driver's device: 0 or -errno */
void dev_host(struct cfs_io *io);	/* memory, clock and log */

/* memory.c */
int dev_memory(struct cfs_io *io, uint64_t size);	/* a fresh file system in memory: 0 or -errno */
void memory_trim(void);			/* the pages of free blocks go back */
void memory_tick(void);			/* the same after a commit */

/* jobs.c */
#define JOB_BUF	(64 * PAGE)		/* bytes of a job's buffer */
#define WORKERS	4u
#define JOBS_ID	1u			/* the file that workers call; no ofile has this address */
#define JOB_DONE 1
struct job {
	struct job *next;
	void (*run)(struct job *j, void *buf);	/* in any thread */
	void (*done)(struct job *j, void *buf);	/* in the loop's */
	bool ran;
};
void jobs_start(unsigned n);
void job_submit(struct job *j);
void job_wait(struct job *j);
int64_t jobs_message(struct srv_req *r);

/* park.c, main.c */
int64_t park(struct srv_req *r);
bool park_closing(struct ofile *of);
int64_t fs_try(struct srv_req *r, bool nowait);	/* -CFS_WAIT: park it */

/* sync.c */
int commit_begin(void);			/* 0 also when there is nothing to do */
void commit_settle(void *ctx);
int64_t op_sync(struct srv_req *r, struct ofile *of);

/* pagein.c */
struct pagein;
void page_in(struct fnode *fn, uint64_t off, uint64_t len);
void page_ahead(struct fnode *fn, uint64_t off);	/* a reader has come to the marked page */
void page_want(struct fnode *fn, uint64_t off, uint64_t end);	/* someone will come; whole pages */

/* node.c: files with a page cache. */
int fnode_get(struct cfs_inode *ip, struct fnode **out);	/* existing or new */
void fnode_opened(struct fnode *fn, bool writer);
bool fnode_revive(const struct port_item *it);	/* of an earlier server; takes its handle if true */
void fnode_closed(struct fnode *fn, bool writer);
/*
 * Around the removal of a name: an idle page cache goes with the last one. Dirty pages only after the removal
 * has worked: the result of the first is for the second.
 */
struct fnode *fnode_unlinking(struct cfs_inode *ip);
void fnode_unlinked(struct fnode *fn, int err);
/* Its attributes, or the time that is newer than those, changed: what the kernel keeps of op_stat is void. */
void fnode_changed(struct cfs_inode *ip);
void fnodes_forget(struct cfs *fs);	/* idle ones of a snapshot that is to go */
uint64_t file_size(struct cfs_inode *ip);
/* The time of the last change, which the inode may not have yet. */
struct cfs_time fnode_ctime(const struct fnode *fn);
int file_resize(struct cfs_inode *ip, uint64_t size);

/* page.c: the pager, and writing back. */
void page_message(struct srv *s, struct msg *m);
int write_back(struct fnode *fn);	/* dirty pages, size and time to the library: 0 or -errno */
int write_back_all(void);
int sync_file(struct fnode *fn);	/* and durable; NULL: only what the library has */
int sync_all(void);
void take_back_credit(struct fnode *fn);
/*
 * Its size. If it was written to since it was looked at last, it was modified now: whoever takes its time of
 * modification, or sets one, looks before.
 */
uint64_t fnode_look(struct fnode *fn);
void first_credit(struct fnode *fn);	/* a writer comes: it will not have to ask for a few pages */
void credit_gone(struct fnode *fn, uint64_t pages);	/* granted pages that will never come back */
void touch_timer(void);			/* something changed: it will be written back in a while */
void fs_tick(void *arg, uint32_t events);	/* that while has passed */

/* walk.c */
#define WALK_FOLLOW	1	/* follow a link that is the last component */
struct walk {
	struct cfs_inode *dir;	/* directory of the last component; NULL when the path has none */
	struct cfs_inode *ip;	/* NULL: the name does not exist, all before it does */
	char name[CFS_NAMELEN + 1];
	size_t n;
	bool slash;		/* the path ended with a slash */
};
/* Walks the path of `len` bytes. 0, -errno, -F_REDIRECT (answered). */
int walk(struct srv_req *r, struct cfs_inode *from, const char *path, size_t len, uint32_t flags,
	 struct walk *w);
/* The same with range 0 of the request, from the file called; an empty path is the file itself. */
int walk_request(struct srv_req *r, struct ofile *of, uint32_t flags, struct walk *w);
void walk_end(struct walk *w);
int walk_path(struct cfs_inode *ip, uint64_t dir, char *buf, size_t size);	/* absolute path -> length */
int walk_name(struct cfs_inode *dir, uint64_t ino, char name[CFS_NAMELEN + 1]);	/* a name of ino in dir -> length */

#define MAY_R	4u
#define MAY_W	2u
#define MAY_X	1u
/* perm.c: what the caller of r may do. */
int may(const struct cfs_inode *ip, const struct srv_req *r, uint32_t want);	/* 0 or -EACCES */
int may_remove(const struct cfs_inode *dir, const struct cfs_inode *ip, const struct srv_req *r);	/* sticky directories */
int may_setattr(const struct cfs_inode *ip, uint64_t mask, const struct srv_req *r);	/* SA_* but SA_SIZE */
uint32_t allowed_mode(const struct cfs_inode *ip, uint32_t mode, const struct srv_req *r);	/* of a chmod */
struct cfs_new new_owner(const struct srv_req *r, const struct cfs_inode *dir, uint32_t mode);
int strip_set_id(struct cfs_inode *ip, const struct srv_req *r);	/* it is opened for writing */
int act_for(struct srv_req *r);			/* F_AS: puts the other's ids into r */
int use_real_ids(struct srv_req *r);

/* cage.c: sandboxes. These two only when fsd.cage is set. */
int cage_walked(const struct walk *w);		/* sets fsd.level; -ENOENT: it is not shown */
/* A directory, or what was walked to: 0 or -EACCES. To search is always allowed: what is found counts. */
int cage_may(const struct cfs_inode *ip, uint32_t want);
bool cage_root(uint64_t koid);			/* the handle of the present cage's root? */
struct cage *cage_ref(struct cage *c);
void cage_put(struct cage *c);
int64_t op_confine(struct srv_req *r, struct ofile *of);

/* open.c */
int64_t op_open(struct srv_req *r, struct ofile *of);
int64_t op_clone(struct srv_req *r, struct ofile *of);
int64_t make_file(struct srv_req *r, struct cfs_inode *ip, uint64_t dir, uint32_t flags);
int64_t make_root(void);		/* the handle to register */
bool ofile_revive(const struct port_item *it);	/* of an earlier server; true: it is the root's handle */

/* revive.c: knows again what the server before had, or refuses it; the handle to register, or H_NONE. */
handle_t revive(void);
void ofile_close(struct ofile *of);

/* attr.c */
int64_t op_stat(struct srv_req *r, struct ofile *of);
int64_t op_setattr(struct srv_req *r, struct ofile *of);
int64_t op_access(struct srv_req *r, struct ofile *of);
int64_t op_statfs(struct srv_req *r, struct ofile *of);

/* direct.c: of files opened with O_DIRECT. */
int64_t op_read(struct srv_req *r, struct ofile *of);
int64_t op_write(struct srv_req *r, struct ofile *of);

/* space.c */
int64_t op_allocate(struct srv_req *r, struct ofile *of);

/* copy.c */
int64_t op_source(struct srv_req *r, struct ofile *of);
int64_t op_copy(struct srv_req *r, struct ofile *of);
int64_t op_seek(struct srv_req *r, struct ofile *of);
void tickets_closed(const struct ofile *of);

/* advise.c */
int64_t op_advise(struct srv_req *r, struct ofile *of);

/* control.c */
int64_t op_ioctl(struct srv_req *r, struct ofile *of);

/* xattr.c */
int64_t op_getxattr(struct srv_req *r, struct ofile *of);
int64_t op_setxattr(struct srv_req *r, struct ofile *of);
int64_t op_listxattr(struct srv_req *r, struct ofile *of);
int64_t op_removexattr(struct srv_req *r, struct ofile *of);

/* names.c */
/* Makes a node by path: 0 or -errno; *ino, when not NULL, gets its number. */
int make_node(struct srv_req *r, struct ofile *of, uint32_t mode, bool slash_ok, uint64_t *ino);
int64_t op_mkdir(struct srv_req *r, struct ofile *of);
int64_t op_mknod(struct srv_req *r, struct ofile *of);
int64_t op_unlink(struct srv_req *r, struct ofile *of);
int64_t op_rename(struct srv_req *r, struct ofile *of);
int64_t op_link(struct srv_req *r, struct ofile *of);
int64_t op_symlink(struct srv_req *r, struct ofile *of);
int64_t op_readlink(struct srv_req *r, struct ofile *of);
int64_t op_readdir(struct srv_req *r, struct ofile *of);

/* watch.c: inotify. Masks are IN_*; names are those within the directory. */
int64_t op_watch(struct srv_req *r, struct ofile *of);
int64_t op_unwatch(struct srv_req *r, struct ofile *of);
void watch_event(struct cfs_inode *ip, uint32_t mask, uint32_t cookie, const char *name, size_t n);
/* Something happened to the entry `name` of dir, which is or was ip. */
void watch_name(struct cfs_inode *dir, const struct cfs_inode *ip, uint32_t mask, uint32_t cookie, const char *name, size_t n);
/* Something happened to ip itself: told to who watches it or the directory number `dir`. */
void watch_file(struct cfs_inode *ip, uint64_t dir, uint32_t mask);
void watch_gone(struct cfs_inode *ip);		/* its last name has gone */
void watch_modified(struct fnode *fn);
bool watched(const struct cfs_inode *ip);

/* bind.c: socket nodes. */
int64_t op_bind(struct srv_req *r, struct ofile *of);
int64_t op_connect(struct srv_req *r, struct ofile *of);
void bind_removed(uint64_t ino);	/* the inode is gone */

/* fifo.c */
int64_t fifo_open(struct srv_req *r, struct ofile *of);
void fifo_closed(struct ofile *of);
void fifo_cancel(uint64_t token);

/* lock.c: advisory locks. */
int64_t op_reclock(struct srv_req *r, struct ofile *of);
int64_t op_flock(struct srv_req *r, struct ofile *of);
void locks_closed(struct ofile *of);
void locks_cancel(uint64_t token);
void locks_process_died(uint32_t pid);

/* death.c: locks_process_died will be called when this process ends. */
void watch_process(uint32_t pid);

/*
 * unlock.c: the key of the file system on io, which the file `file` (or NULL) may have; else it is asked for.
 * -ENOTSUP: this server knows no encryption.
 */
int unlock(const struct cfs_io *io, const char *file, const struct cfs_crypt **out);

/* main.c */
int64_t fs_call(struct srv *s, struct srv_req *r);
void fs_close(struct srv *s, uint64_t id);
void time_now(struct cfs_time *t);	/* one time in all that is done for a message */
void time_passes(void);			/* a message begins */

#endif
