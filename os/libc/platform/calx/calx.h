/* SPDX-License-Identifier: MIT */
/*
 * calx.h: what platform/calx keeps of its process.
 *
 * Handles kept here lie in the high range. Those that exec must not keep are H_CLOEXEC; roots,
 * names and procd are named anew in the next program's start block.
 */
#ifndef CALX_CALX_H
#define CALX_CALX_H

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include "../../../abi/types.h"
#include "../../../abi/file.h"
#include "../../../abi/msg.h"
#include "../../../abi/proc.h"
#include "../../internal/hidden.h"
#include "../../internal/plat.h"
#include "sys.h"

#define MOUNT_MAX 32

struct mount {
	char prefix[64];	/* "/" or "/name...", no slash at the end */
	size_t len;		/* of the prefix; 0 for "/" */
	handle_t root;
};

/* Changed under lock, but for the pages, which are the kernel's. */
struct calx {
	volatile int lock[1];
	struct proc_page *pp;			/* NULL only before plat_start */
	const volatile struct time_page *time;
	handle_t names, procd;			/* H_NONE: not given */
	unsigned umask;
	int other_ids;				/* real and effective ids may differ: set-id, or changed */
	int record_locks;			/* some were set: closing a descriptor releases them */
	/*
	 * Looked through without the lock: mount_seq is odd while they are being changed, and another number
	 * after it.
	 */
	struct mount mounts[MOUNT_MAX];
	int nmounts;
	unsigned mount_seq;
	int listed;				/* the name service has been asked for its prefixes */
	char cwd[PATH_MAX];			/* absolute, without links, no slash at the end but "/" */
	handle_t cwd_h;				/* directory of cwd when opened already, else H_NONE */
	const struct start_block *start;
};

extern hidden struct calx __calx;

hidden void __calx_lock(void);
hidden void __calx_unlock(void);

#define CALL_TRIES	3	/* more of a call whose server died with it */
/* Sends m to h: the reply's w[0], or -errno. A dead server that nobody succeeds gives -EIO. */
hidden long __calx_call(handle_t h, struct msg *m);
/* The same as a cancellation point. */
hidden long __calx_call_cp(handle_t h, struct msg *m);
/* Sends m to procd; -ENOSYS without one. */
hidden long __procd_call(struct msg *m);

/* The answer of a path operation other than by w and h. */
struct path_out {
	void *buf;	/* gets at most len bytes of range 1 */
	size_t len;
};
/*
 * Sends m with the path in range 0 to the server that has it, follows redirections, and answers
 * like __calx_call. dirfd and path as in openat. An empty path means dirfd itself when empty_ok.
 */
hidden long __path_call(int dirfd, const char *path, int empty_ok, struct msg *m, struct path_out *out);
/* The same for two paths (F_RENAME, F_LINK), both on one server or -EXDEV. */
hidden long __path_call2(int d1, const char *p1, int d2, const char *p2, struct msg *m);
/* F_LINK of an open file. */
hidden long __path_link(handle_t file, int d2, const char *p2, struct msg *m);
/* The absolute path of dirfd/path as text in abs (PATH_MAX); "." and ".." are gone. */
hidden int __path_absolute(int dirfd, const char *path, char *abs);
/* Root handle and rest of an absolute path; *slot gets the mount's index. */
hidden handle_t __path_root(const char *abs, const char **rest, int *slot);
/* Root of exactly this prefix, asking the name service when it is new; -ENOENT. */
hidden handle_t __path_server(const char *prefix, int *slot);
/* The root (slot) has no such name: asks now and then whether a new prefix has it. */
hidden int __mount_again(const char *abs, int slot);
/* Asks the name service again for a root whose server died. */
hidden int __mount_renew(int slot);
/* Adds or replaces a root; takes over h. */
hidden int __mount_add(const char *prefix, handle_t h);


/* Wall and monotonic clocks in nanoseconds from the time page. */
hidden int64_t __calx_mono(void);
/* Absolute monotonic deadline of a relative time, T_FOREVER for NULL. */
hidden int64_t __calx_deadline(const struct timespec *rel);
/* Absolute monotonic deadline of an absolute time on clock. */
hidden int64_t __calx_deadline_abs(int clock, const struct timespec *abs);
/* An absolute time of the clock's own, for calls that take it so. */
hidden int64_t __calx_wall(const struct timespec *abs);

/* A length or time of day in ns, and back; lengths saturate. */
hidden struct timespec __calx_timespec(int64_t ns);
hidden int64_t __calx_ns(const struct timespec *ts);
/* What timers refuse with EINVAL. */
hidden int __calx_bad_timespec(const struct timespec *ts);

/* Time of a CPU clock, or -EINVAL. */
hidden int64_t __calx_cpu_clock(int clock);

/* The page that the calling thread shares with the kernel. */
hidden struct thread_page *__calx_thread_page(void);
/* Sets the thread's mask and delivers what it lets through; returns the old one. */
hidden uint64_t __calx_set_mask(uint64_t mask);
/* The same of a thread whose page is known: the caller's own. */
hidden uint64_t __calx_page_mask(volatile struct thread_page *p, uint64_t mask);

/*
 * A program image being built. On success vm, entry and sp are what proc_exec and proc_create
 * take. Handles in start are numbers in the table of the process to be.
 */
struct image {
	handle_t vm;
	uint64_t entry, sp;
	char name[32];
};
#define SCRIPT_DEPTH 4		/* scripts whose interpreter is a script */
struct image_args {
	/* Arguments in front of argv's, the last first: of a script its interpreter's and its own name. */
	const char *pre[2 * SCRIPT_DEPTH + 1];
	int npre;
	char *const *argv, *const *envp;
	const char *path;
	const char *cwd;		/* of the process to be */
	const char *extra;		/* name of an extra entry of the start block, or NULL */
	int extra_value;
	int secure;			/* AT_SECURE: the program has other ids than its caller */
	int other_umask;		/* umask counts, else ours */
	unsigned umask;
};
/* Loads the program open as file fd; scripts are followed. -ENOEXEC and others of execve. */
hidden int __image_build(handle_t file, const struct image_args *args, struct image *img);
/* Handles of the start block, which a spawned child must be given: at most max. */
hidden int __image_handles(handle_t *list, int max);

#endif
