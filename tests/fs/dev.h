/* SPDX-License-Identifier: MIT */
/* A block device in memory that can record its writes, for the tests of calxfs. */
#ifndef FSTEST_DEV_H
#define FSTEST_DEV_H

#include "../../os/srv/fs/lib/calxfs.h"

struct rec {
	uint64_t blk;		/* FLUSH: a flush */
	uint8_t *data;
};
#define FLUSH	(~0ull)

struct dev {
	uint64_t nblocks;
	uint8_t *mem;
	bool recording;
	struct rec *log;
	size_t nlog, maxlog;
	long fail_after;	/* >= 0: that many more blocks are written, then -EIO */
	bool quiet;
	unsigned logged;	/* lines of the library's log */
};

struct dev *dev_new(uint64_t nblocks);
void dev_free(struct dev *d);
void dev_io(struct dev *d, struct cfs_io *io);
void dev_record(struct dev *d, bool on);	/* on: forgets the old log */

/* Small helpers of all tests. A test fails by FAIL, which prints the reason and exits. */
#define FAIL(...)	fail(__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(c)	((c) ? (void)0 : FAIL("%s", #c))
#define OK(call)	ok_call(__FILE__, __LINE__, #call, (call))
_Noreturn void fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void ok_call(const char *file, int line, const char *what, int err);

uint64_t rnd(void);			/* xorshift: seeded by SEED or 1 */
void rnd_seed(uint64_t seed);
static inline uint32_t pick(uint32_t n) { return (uint32_t)(rnd() >> 16) % n; }

struct cfs *dev_mkfs(struct dev *d);	/* fresh file system, mounted */
extern void (*dev_changed)(struct cfs_inode *ip);	/* of struct cfs_io, for devices from now on */
struct cfs *dev_mount(struct dev *d, uint32_t flags, uint32_t cache);
int dev_check(struct dev *d, uint32_t mount_flags, bool print);	/* number of faults or -errno */
void fill_page(uint8_t *page, uint64_t tag);

/* A digest of everything visible in the file system; times are left out. Dies on errors. */
uint64_t dump(struct cfs *fs);
/*
 * The same walk for damaged images: calls see(arg, path, digest) for each object that could be read without an
 * error. `errors` counts what could not.
 */
void dump_each(struct cfs *fs, void (*see)(void *arg, const char *path, uint64_t digest), void *arg,
	       unsigned *errors);

#endif
