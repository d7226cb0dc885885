/* SPDX-License-Identifier: MIT */
/* Building and committing a transaction (tx.h). Its steps are carried out in apply.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "fsops.h"
#include "local.h"

int
tx_begin(struct tx *t, struct pkg *k, unsigned dirs)
{
	char name[TX_NAME];
	unsigned i;
	int r;

	memset(t, 0, sizeof(*t));
	t->k = k;
	t->filesfd = -1;
	r = remove_tree(k->rootfd, TX_DIR);
	if (!r)
		r = make_dirs(k->rootfd, TX_FILES, 0700);
	if (!r) {
		t->filesfd = openat(k->rootfd, TX_FILES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = t->filesfd < 0 ? -errno : 0;
	}
	for (i = 0; !r && i <= dirs; i++) {
		snprintf(name, sizeof(name), "%u", i);
		r = fs->mkdir(t->filesfd, name, 0700);
	}
	if (!r)
		r = fs->mkdir(t->filesfd, TX_TREE, 0700);
	return r ? fail(ST_IO, "/%s: %s", TX_DIR, strerror(-r)) : 0;
}

void
staged_name(struct staged s, char buf[TX_NAME])
{
	snprintf(buf, TX_NAME, "%u/%u", s.d, s.n);
}

int
tx_stage(struct tx *t, struct staged s, unsigned mode)
{
	char name[TX_NAME];
	int fd;

	staged_name(s, name);
	fd = fs->open(t->filesfd, name, O_WRONLY | O_CREAT | O_EXCL, mode & 0777);
	return fd < 0 ? fail(ST_IO, "/%s/%s: %s", TX_FILES, name, strerror(-fd)) : fd;
}

/* The folders on the way to f, as the manifest has them; until all is staged they are open to us. */
static int
make_tree(struct tx *t, const struct cpk_manifest *m, const struct cpk_file *f)
{
	char name[TX_TREE_PATH] = TX_TREE "/";
	const size_t head = sizeof(TX_TREE);
	const char *slash;
	int r = 0;

	for (slash = strchr(f->path, '/'); slash && (!r || r == -EEXIST); slash = strchr(slash + 1, '/')) {
		size_t n = (size_t)(slash - f->path);
		const struct cpk_file *dir;

		memcpy(name + head, f->path, n);
		name[head + n] = '\0';
		dir = cpk_manifest_find(m, name + head);
		r = fs->mkdir(t->filesfd, name, 0700 | (dir ? dir->mode & 0777 : 0));
	}
	return r == -EEXIST ? 0 : r;
}

int
tx_stage_tree(struct tx *t, const struct cpk_manifest *m, const struct cpk_file *f)
{
	char name[TX_TREE_PATH];
	int fd, r;

	snprintf(name, sizeof(name), TX_TREE "/%s", f->path);
	fd = fs->open(t->filesfd, name, O_WRONLY | O_CREAT | O_EXCL, f->mode & 0777);
	if (fd != -ENOENT)
		return fd;
	r = make_tree(t, m, f);
	return r ? r : fs->open(t->filesfd, name, O_WRONLY | O_CREAT | O_EXCL, f->mode & 0777);
}

int
tx_stage_fresh(struct tx *t, const void *data, size_t len, unsigned mode, struct staged *s)
{
	*s = (struct staged){ 0, t->nbytes++ };
	return tx_stage_bytes(t, data, len, mode, *s);
}

int
tx_stage_bytes(struct tx *t, const void *data, size_t len, unsigned mode, struct staged s)
{
	int fd = tx_stage(t, s, mode), r;

	if (fd < 0)
		return fd;
	r = write_all(fd, data, len);
	if (!r && mode & 07022)		/* what the umask takes */
		r = fs->fchmod(fd, mode);
	if (close(fd) && !r)
		r = -errno;
	return r ? fail(ST_IO, "/%s/%u/%u: %s", TX_FILES, s.d, s.n, strerror(-r)) : 0;
}

/* Appends one line: the words before the paths, then up to two escaped paths. */
static int
step(struct tx *t, const char *words, const char *path, const char *target)
{
	struct cpk_buf b = { .s = t->text, .n = t->len, .cap = t->cap };

	cpk_buf_str(&b, words);
	cpk_buf_escaped(&b, path);
	if (target) {
		cpk_buf_str(&b, " ");
		cpk_buf_escaped(&b, target);
	}
	cpk_buf_str(&b, "\n");
	t->text = b.s;
	t->len = b.n;
	t->cap = b.cap;
	return b.bad ? fail(ST_FAIL, "out of memory") : 0;
}

/* The same with words that are made. */
static int __attribute__((format(printf, 3, 4)))
stepf(struct tx *t, const char *path, const char *fmt, ...)
{
	char words[48];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	return step(t, words, path, NULL);
}

int
tx_tree(struct tx *t, const char *path)
{
	return step(t, "tree ", path, NULL);
}

int
tx_dir(struct tx *t, unsigned mode, const char *path)
{
	return stepf(t, path, "dir %04o ", mode);
}

int
tx_file(struct tx *t, struct staged s, const char *path)
{
	return stepf(t, path, "file %u %u ", s.d, s.n);
}

int
tx_link(struct tx *t, const char *path, const char *target)
{
	return step(t, "link ", path, target);
}

int
tx_hard(struct tx *t, const char *path, const char *file)
{
	return step(t, "hard ", path, file);
}

int
tx_mode(struct tx *t, unsigned mode, const char *path)
{
	return stepf(t, path, "mode %04o ", mode);
}

int
tx_own(struct tx *t, unsigned uid, unsigned gid, const char *path)
{
	return stepf(t, path, "own %u %u ", uid, gid);
}

int
tx_attr(struct tx *t, const char *path, const char *name, const void *value, size_t n)
{
	struct cpk_buf b = { 0 };
	const unsigned char *p = value;
	size_t i;
	int r;

	cpk_buf_str(&b, name);
	if (value)
		cpk_buf_str(&b, " ");
	for (i = 0; value && i < n; i++)
		cpk_buf_fmt(&b, "%02x", p[i]);
	r = b.bad ? fail(ST_FAIL, "out of memory") : step(t, "attr ", path, b.s);
	free(b.s);
	return r;
}

int
tx_del(struct tx *t, const char *path)
{
	return step(t, "del ", path, NULL);
}

int
tx_rmdir(struct tx *t, const char *path)
{
	return step(t, "rmdir ", path, NULL);
}

/* The journal in full: head, steps, hash over both. */
static int
seal(struct tx *t, char **text, size_t *len)
{
	struct cpk_buf b = { 0 };
	uint8_t hash[CPK_HASH];
	char hex[CPK_HEX];

	cpk_buf_str(&b, JOURNAL_HEAD);
	cpk_buf_add(&b, t->text ? t->text : "", t->len);
	if (!b.bad) {
		cpk_hash(b.s, b.n, hash);
		cpk_hex(hash, hex);
		cpk_buf_fmt(&b, "end %s\n", hex);
	}
	if (b.bad) {
		free(b.s);
		return fail(ST_FAIL, "out of memory");
	}
	*text = b.s;
	*len = b.n;
	return 0;
}

int
tx_commit(struct tx *t)
{
	char *text = NULL;
	size_t len = 0;
	int r = seal(t, &text, &len);

	if (r)
		return r;
	r = sync_all(t->k->rootfd);
	if (!r)
		r = spill(t->k->rootfd, TX_JOURNAL, text, len);
	if (!r)
		r = sync_all(t->k->rootfd);
	free(text);
	if (r) {
		remove_tree(t->k->rootfd, TX_JOURNAL);
		return fail(ST_IO, "/%s: %s; nothing was changed", TX_JOURNAL, strerror(-r));
	}
	r = tx_recover(t->k);
	tx_abort(t);
	return r < 0 ? r : 0;
}

void
tx_abort(struct tx *t)
{
	if (t->filesfd >= 0)
		close(t->filesfd);
	free(t->text);
	t->text = NULL;
	t->filesfd = -1;
	if (faccessat(t->k->rootfd, TX_JOURNAL, F_OK, 0))
		remove_tree(t->k->rootfd, TX_DIR);
}
