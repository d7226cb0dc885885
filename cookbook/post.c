/* SPDX-License-Identifier: MIT */
/*
 * After installation: what nobody needs is removed, hard links become links, modes
 * and times are made uniform, programs and libraries are stripped (strip.c) and lose the
 * runpaths that name no folder of their own.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job.h"

int
tree_walk(const char *root, tree_fn *f, void *arg)
{
	struct list todo = { 0 }, names = { 0 };
	struct stat st;
	size_t i, k;
	int r = 0;

	list_add(&todo, "");
	for (i = 0; r == 0 && i < todo.n; i++) {
		char *dir = fmt("%s%s%s", root, *todo.v[i] ? "/" : "", todo.v[i]);

		list_dir(dir, &names);
		for (k = 0; r == 0 && k < names.n; k++) {
			char *path = fmt("%s/%s", dir, names.v[k]);
			char *name = fmt("%s%s%s", todo.v[i], *todo.v[i] ? "/" : "", names.v[k]);

			r = f(path, name, arg);
			if (r == 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
				list_add(&todo, name);
			free(path);
			free(name);
		}
		cpk_list_free(&names);
		free(dir);
	}
	cpk_list_free(&todo);
	return r;
}

int
run_program(char *const argv[])
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

char *
job_root(const struct job *j)
{
	return fmt("%s/dest%s", j->work, j->r->arch == ARCH_HOST ? "/calx/tools" : "");
}

int
is_debug_file(const char *name)
{
	return strncmp(name, "usr/lib/debug/", 14) == 0;
}

/* --- removing --- */

static int
is_unwanted(const struct job *j, const char *name)
{
	size_t i, n = strlen(name);

	if (n > 3 && strcmp(name + n - 3, ".la") == 0)
		return 1;
	if (strcmp(name, "usr/share/info/dir") == 0 || strcmp(name, "share/info/dir") == 0)
		return 1;
	for (i = 0; i < j->r->remove.n; i++)
		if (fnmatch(j->r->remove.v[i], name, 0) == 0)
			return 1;
	return 0;
}

static int
remove_unwanted(const char *path, const char *name, void *arg)
{
	if (!is_unwanted(arg, name))
		return 0;
	return remove_tree(path);
}

/* --- hard links --- */

struct inode {
	dev_t dev;
	ino_t ino;
	char *name;
};

struct inodes {
	struct inode *v;
	size_t n;
};

static char *
relative_link(const char *from, const char *to)
{
	struct buf b = { 0 };
	size_t i, common = 0;

	for (i = 0; from[i] && from[i] == to[i]; i++)
		if (from[i] == '/')
			common = i + 1;
	for (i = common; from[i]; i++)
		if (from[i] == '/')
			buf_str(&b, "../");
	buf_str(&b, to + common);
	return b.s;
}

static int
unlink_hard(const char *path, const char *name, void *arg)
{
	struct inodes *all = arg;
	struct stat st;
	size_t i;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink < 2)
		return 0;
	for (i = 0; i < all->n; i++) {
		if (all->v[i].dev == st.st_dev && all->v[i].ino == st.st_ino) {
			char *to = relative_link(name, all->v[i].name);
			int r = unlink(path) < 0 || symlink(to, path) < 0 ? -errno : 0;

			free(to);
			return r;
		}
	}
	all->v = xgrow(all->v, (all->n + 1) * sizeof(*all->v));
	all->v[all->n++] = (struct inode){ st.st_dev, st.st_ino, xdup(name) };
	return 0;
}

static int
replace_hard_links(const char *root)
{
	struct inodes all = { 0 };
	size_t i;
	int r = tree_walk(root, unlink_hard, &all);

	for (i = 0; i < all.n; i++)
		free(all.v[i].name);
	free(all.v);
	return r;
}

/* --- modes and times --- */

/*
 * One mode for what all may read, one for what all may execute; private files and folders stay so,
 * folders where everybody may write too, and set-id programs.
 */
static mode_t
uniform_mode(const struct stat *st)
{
	mode_t mode = S_ISDIR(st->st_mode) || (st->st_mode & 0111) ? 0755 : 0644;

	if ((st->st_mode & 0077) == 0)
		mode &= 0700;
	if (S_ISDIR(st->st_mode) && (st->st_mode & 01000))
		return 01777;
	return mode | (st->st_mode & 06000);
}

static int
make_uniform(const char *path, const char *name, void *arg)
{
	struct timespec t[2] = { { COOK_EPOCH, 0 }, { COOK_EPOCH, 0 } };
	struct stat st;

	(void)name;
	(void)arg;
	if (lstat(path, &st) < 0)
		return -errno;
	if (!S_ISLNK(st.st_mode) && chmod(path, uniform_mode(&st)) < 0)
		return -errno;
	return utimensat(AT_FDCWD, path, t, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* --- runpaths --- */

/* A runpath that names the build would be searched on the device, whoever makes that folder. */
static int
drop_runpath(const char *path, const char *name, void *arg)
{
	struct elf_info e;
	struct stat st;
	char *runpath;
	int r;

	if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode) || is_debug_file(name))
		return 0;
	elf_read(path, &e);
	r = e.type == ET_EXEC || e.type == ET_DYN;
	elf_free(&e);
	if (!r)
		return 0;
	chmod(path, st.st_mode | 0200);
	r = elf_drop_runpath(arg, path, &runpath);
	if (r == 1) {
		warn_("%s: its runpath '%s' names folders of the build", name, runpath);
		free(runpath);
		return -1;
	}
	return r;
}

/* --- all of it --- */

/* A build system that took a relative folder for one of its own installs below where it builds. */
static int
refuse_build_folder(const struct job *j, const char *root)
{
	char *below = fmt("%s%s", root, j->build);
	int r = 0;

	if (j->r->arch != ARCH_HOST && exists(below)) {
		warn_("%s: files were installed below %s, the folder of the build itself: give [build] args "
		      "absolute folders (such as --libdir=/usr/lib)", j->r->file, j->build);
		r = -1;
	}
	free(below);
	return r;
}

int
post_process(struct job *j)
{
	char *root = job_root(j);
	int r = 0;

	printf("== %s %s: packages\n", j->r->name, j->r->version);
	fflush(stdout);
	if (j->r->arch == ARCH_HOST && !exists(root)) {
		warn_("%s: nothing was installed below $DESTDIR/calx/tools", j->r->file);
		r = -1;
	}
	if (r == 0)
		r = refuse_build_folder(j, root);
	if (r == 0)
		r = tree_walk(root, remove_unwanted, j);
	if (r == 0)
		r = replace_hard_links(root);
	if (r == 0)
		r = strip_tree(j, root);
	if (r == 0 && j->r->arch != ARCH_HOST)
		r = tree_walk(root, drop_runpath, j);
	if (r == 0)
		r = add_test(j, root);
	if (r == 0)
		r = add_licences(j, root);
	if (r == 0)
		r = tree_walk(root, make_uniform, NULL);
	if (r < -1)
		warn_("%s: %s", root, strerror(-r));
	free(root);
	return r < 0 ? -1 : 0;
}
