/* SPDX-License-Identifier: MIT */
/* Carrying out a committed transaction: every step may be done again. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply.h"

/* The folder of the step before: most steps are in the same one. */
struct place {
	int rootfd, filesfd;
	int fd;				/* or -1 */
	char dir[CPK_MAX_PATH + 1];
};

static int
enter(struct place *at, const char *path, const char **base)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;

	*base = slash ? slash + 1 : path;
	if (at->fd >= 0 && strlen(at->dir) == n && memcmp(at->dir, path, n) == 0)
		return 0;
	if (at->fd >= 0)
		close(at->fd);
	at->fd = open_parent(at->rootfd, path, base);
	memcpy(at->dir, path, n);
	at->dir[n] = '\0';
	return at->fd < 0 ? at->fd : 0;
}

static int
do_dir(int fd, const char *name, unsigned mode)
{
	struct stat st;

	if (mkdirat(fd, name, mode) && errno != EEXIST)
		return -errno;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	if ((st.st_mode & 07777) != mode && fchmodat(fd, name, mode, 0))
		return -errno;
	return 0;
}

/* Once renamed the staged file is gone: a step done before. */
static int
do_file(struct place *at, const struct step *s, const char *name)
{
	char staged[16];

	snprintf(staged, sizeof(staged), "%u", s->n);
	if (fchmodat(at->filesfd, staged, s->mode, 0))
		return errno == ENOENT ? 0 : -errno;
	if (renameat(at->filesfd, staged, at->fd, name))
		return -errno;
	return 0;
}

static int
do_link(int fd, const char *name, const char *target)
{
	static const char temp[] = ".pkg-link";

	if (unlinkat(fd, temp, 0) && errno != ENOENT)
		return -errno;
	if (symlinkat(target, fd, temp) || renameat(fd, temp, fd, name))
		return -errno;
	return 0;
}

static int
do_step(struct place *at, const struct step *s)
{
	const char *name;
	int r = enter(at, s->path, &name);
	bool removing = s->kind == STEP_DEL || s->kind == STEP_RMDIR;

	if (r)
		return removing && (r == -ENOENT || r == -ENOTDIR || r == -ELOOP) ? 0 : r;
	switch (s->kind) {
	case STEP_DIR:
		return do_dir(at->fd, name, s->mode);
	case STEP_FILE:
		return do_file(at, s, name);
	case STEP_LINK:
		return do_link(at->fd, name, s->target);
	case STEP_DEL:
		return unlinkat(at->fd, name, 0) && errno != ENOENT && errno != EISDIR ? -errno : 0;
	case STEP_RMDIR:
		/* Not empty: somebody else's files are in it. */
		return unlinkat(at->fd, name, AT_REMOVEDIR) && errno != ENOENT &&
			errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR ? -errno : 0;
	}
	return -EINVAL;
}

static int
do_steps(struct pkg *k, const char *s, const char *end)
{
	struct place at = { .rootfd = k->rootfd, .fd = -1 };
	struct step *step = malloc(sizeof(*step));
	int r = step ? 1 : 0;

	at.filesfd = openat(k->rootfd, TX_FILES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (step && (r = journal_step(&s, end, step)) > 0) {
		r = do_step(&at, step);
		if (r) {
			r = fail(ST_IO, "/%s: %s; 'pkg recover' tries again", step->path, strerror(-r));
			break;
		}
	}
	if (r == -EBADMSG)
		r = fail(ST_IO, "/%s is damaged", TX_JOURNAL);
	if (at.fd >= 0)
		close(at.fd);
	if (at.filesfd >= 0)
		close(at.filesfd);
	free(step);
	return r;
}

/* Order matters: all steps durable, then the journal goes, then the rest of tx/. */
static int
finish(struct pkg *k)
{
	int r = sync_all(k->rootfd);

	if (!r && unlinkat(k->rootfd, TX_JOURNAL, 0))
		r = -errno;
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
		r = fail(ST_IO, "/%s is damaged: remove it, then 'pkg verify' shows what differs",
				TX_JOURNAL);
	else
		r = do_steps(k, start, end);
	free(text);
	return r ? r : finish(k);
}
