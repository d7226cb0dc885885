/* SPDX-License-Identifier: MIT */
/* Carrying out a committed transaction: every step may be done again. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply.h"
#include "fsops.h"

#define TEMP	".pkg-link"

#define BOOTSLOT	"/usr/bin/bootslot"

extern char **environ;

struct place {
	struct walk walk;
	int filesfd;
	bool boot;			/* a step was below boot/ */
};

static int
do_dir(int fd, const char *name, unsigned mode)
{
	struct stat st;
	int r = fs->mkdir(fd, name, mode);

	if (r && r != -EEXIST)
		return r;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	return (st.st_mode & 07777) != mode ? fs->chmod(fd, name, mode) : 0;
}

/* Once renamed the staged file is gone: a step done before. */
static int
do_file(struct place *at, const struct step *s, const char *name)
{
	char staged[TX_NAME];
	int r;

	staged_name((struct staged){ s->a, s->b }, staged);
	r = fs->rename(at->filesfd, staged, at->walk.fd, name);
	return r == -ENOENT ? 0 : r;
}

static int move_in(int from, const char *staged, int to, const char *name);

/* What the staged folder holds into the one that is there already, which need not be empty. */
static int
fill_folder(int from, const char *staged, int to, const char *name)
{
	int src = openat(from, staged, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	int dst = src < 0 ? -1 : openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = dst < 0 ? NULL : fdopendir(src);
	struct dirent *e;

	if (!d)
		r = -errno;
	while (!r && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			r = move_in(src, e->d_name, dst, e->d_name);
	if (d)
		closedir(d);
	else if (src >= 0)
		close(src);
	if (dst >= 0)
		close(dst);
	return r;
}

/* Not there any more: moved before. */
static int
move_in(int from, const char *staged, int to, const char *name)
{
	int r = fs->rename(from, staged, to, name);

	if (r == -EEXIST || r == -ENOTEMPTY)
		r = fill_folder(from, staged, to, name);
	return r == -ENOENT ? 0 : r;
}

/*
 * Nothing stood there when the steps were written. If somebody has made that folder meanwhile, his
 * files stay in it.
 */
static int
do_tree(struct place *at, const struct step *s, const char *name)
{
	char staged[TX_TREE_PATH];
	const char *base;
	int from, r;

	snprintf(staged, sizeof(staged), TX_TREE "/%s", s->path);
	from = open_parent(at->filesfd, staged, &base);
	if (from < 0)
		return from == -ENOENT ? 0 : from;
	r = move_in(from, base, at->walk.fd, name);
	close(from);
	return r;
}

static int
do_link(int fd, const char *name, const char *target)
{
	int r = fs->unlink(fd, TEMP, 0);

	if (r && r != -ENOENT)
		return r;
	r = fs->symlink(target, fd, TEMP);
	return r ? r : fs->rename(fd, TEMP, fd, name);
}

/*
 * The temporary name stays when both are names of one file already. File systems without hard
 * links get none: that is an error, which nothing was promised about before the commit.
 */
static int
do_hard(struct place *at, const struct step *s, const char *name)
{
	const char *base;
	int from = open_parent(at->walk.rootfd, s->target, &base), r;

	if (from < 0)
		return from;
	r = fs->unlink(at->walk.fd, TEMP, 0);
	if (!r || r == -ENOENT)
		r = fs->link(from, base, at->walk.fd, TEMP);
	if (!r)
		r = fs->rename(at->walk.fd, TEMP, at->walk.fd, name);
	if (!r)
		r = fs->unlink(at->walk.fd, TEMP, 0);
	close(from);
	return r == -ENOENT ? 0 : r;
}

static int
do_mode(int fd, const char *name, unsigned mode)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISLNK(st.st_mode) || (st.st_mode & 07777) == mode)
		return 0;
	return fs->chmod(fd, name, mode);
}

static int
do_own(int fd, const char *name, const struct step *s)
{
	int r = fs->chown(fd, name, s->a, s->b);

	return r == -ENOENT ? 0 : r;
}

static int
do_attr(int dirfd, const char *name, const struct step *s)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r;
	const char *space = strchr(s->target, ' ');
	unsigned char value[CPK_MAX_VALUE];
	char attr[256];
	size_t i, n = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	snprintf(attr, sizeof(attr), "%.*s", space ? (int)(space - s->target) : 255, s->target);
	for (i = 1; space && space[i] && space[i + 1] && n < sizeof(value); i += 2) {
		unsigned byte = 0;

		sscanf(space + i, "%2x", &byte);
		value[n++] = (unsigned char)byte;
	}
	r = space ? fs->setxattr(fd, attr, value, n) : fs->removexattr(fd, attr);
	close(fd);
	return r == -ENODATA || r == -ENOTSUP ? 0 : r;
}

/* A folder may stand there already: it came by a later step, done before. */
static int
do_del(int fd, const char *name)
{
	struct stat st;
	int r;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		return 0;
	r = fs->unlink(fd, name, 0);
	return r == -ENOENT ? 0 : r;
}

/* Not empty: somebody else's files are in it. No folder: what took its place came before. */
static int
do_rmdir(int fd, const char *name)
{
	int r = fs->unlink(fd, name, AT_REMOVEDIR);

	return r == -ENOENT || r == -ENOTEMPTY || r == -EEXIST || r == -ENOTDIR ? 0 : r;
}

static int
do_step(struct place *at, const struct step *s)
{
	const char *name;
	int r = walk_to(&at->walk, s->path, &name);
	bool removing = s->kind == STEP_DEL || s->kind == STEP_RMDIR;

	if (r)
		return removing && (r == -ENOENT || r == -ENOTDIR || r == -ELOOP) ? 0 : r;
	switch (s->kind) {
	case STEP_DIR:	return do_dir(at->walk.fd, name, s->a);
	case STEP_FILE:	return do_file(at, s, name);
	case STEP_LINK:	return do_link(at->walk.fd, name, s->target);
	case STEP_HARD:	return do_hard(at, s, name);
	case STEP_MODE:	return do_mode(at->walk.fd, name, s->a);
	case STEP_OWN:	return do_own(at->walk.fd, name, s);
	case STEP_ATTR:	return do_attr(at->walk.fd, name, s);
	case STEP_DEL:	return do_del(at->walk.fd, name);
	case STEP_RMDIR:
		walk_reset(&at->walk);
		r = walk_to(&at->walk, s->path, &name);
		return r ? r : do_rmdir(at->walk.fd, name);
	case STEP_TREE:	return do_tree(at, s, name);
	}
	return -EINVAL;
}

static int
do_steps(struct pkg *k, const char *s, const char *end, bool *boot)
{
	struct place at = { 0 };
	struct step *step = malloc(sizeof(*step));
	int r = step ? 1 : 0;

	walk_begin(&at.walk, k->rootfd);
	at.filesfd = openat(k->rootfd, TX_FILES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (step && (r = journal_step(&s, end, step)) > 0) {
		at.boot |= strncmp(step->path, "boot", 4) == 0 && (!step->path[4] || step->path[4] == '/');
		r = do_step(&at, step);
		if (r) {
			r = fail(ST_IO, "/%s: %s; 'pkg recover' tries again", step->path, strerror(-r));
			break;
		}
	}
	if (r == -EBADMSG)
		r = fail(ST_DAMAGED, "/%s is damaged", TX_JOURNAL);
	*boot = at.boot;
	walk_end(&at.walk);
	if (at.filesfd >= 0)
		close(at.filesfd);
	free(step);
	return r;
}

/* What the disk's boot menu starts follows /boot (bootslot(8)). */
static void
update_boot_menu(const struct pkg *k)
{
	char *argv[] = { "bootslot", NULL };
	int status = 0;
	pid_t pid;

	if (strcmp(k->root, "/") || access(BOOTSLOT, X_OK))
		return;
	if (posix_spawn(&pid, BOOTSLOT, NULL, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) != pid || status)
		complain("the boot menu still starts the former kernel: " BOOTSLOT " failed");
}

/* Order matters: all steps durable, and the boot menu, then the journal goes, then the rest of tx/. */
static int
finish(struct pkg *k, bool boot)
{
	int r = sync_all(k->rootfd);

	if (!r && boot)
		update_boot_menu(k);
	if (!r)
		r = fs->unlink(k->rootfd, TX_JOURNAL, 0);
	if (!r)
		r = sync_all(k->rootfd);
	if (!r)
		r = remove_tree(k->rootfd, TX_DIR);
	return r ? fail(ST_IO, "/%s: %s", TX_DIR, strerror(-r)) : 1;
}

int
tx_recover(struct pkg *k)
{
	const char *start, *end;
	bool boot = false;
	char *text;
	size_t len;
	int r = slurp(k->rootfd, TX_JOURNAL, JOURNAL_MAX, &text, &len);

	if (r == -ENOENT) {
		r = remove_tree(k->rootfd, TX_DIR);
		return r ? fail(ST_IO, "/%s: %s", TX_DIR, strerror(-r)) : 0;
	}
	if (r)
		return fail(ST_IO, "/%s: %s", TX_JOURNAL, strerror(-r));
	if (journal_check(text, len, &start, &end))
		r = fail(ST_DAMAGED, "/%s is damaged: remove it, then 'pkg repair' mends what differs",
				TX_JOURNAL);
	else
		r = do_steps(k, start, end, &boot);
	free(text);
	return r ? r : finish(k, boot);
}
