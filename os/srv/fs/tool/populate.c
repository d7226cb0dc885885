/* SPDX-License-Identifier: MIT */
/*
 * calxfs populate, put: from the host into an image.
 *
 * Deterministic: entries in byte order of their names, owner 0 unless the manifest says otherwise, all
 * times SOURCE_DATE_EPOCH if that is set, else each file's own modification time.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/* A line of the manifest: "mode uid gid path"; mode "-" keeps the tree's. */
struct rule {
	char *path;
	int mode;
	uint32_t uid, gid;
};

struct hardlink {
	dev_t dev;
	ino_t st;
	uint64_t ino;
};

static struct rule *rules;
static size_t nrules;
static struct hardlink *links;
static size_t nlinks;

static int rule_cmp(const void *a, const void *b)
{
	return strcmp(((const struct rule *)a)->path, ((const struct rule *)b)->path);
}

static void rule_add(char *line, const char *file, int lineno)
{
	struct rule r = { .mode = -1 };
	char mode[16];
	int at = 0;

	if (sscanf(line, " %15s %u %u %n", mode, &r.uid, &r.gid, &at) != 3 || !line[at])
		die("%s:%d: not \"mode uid gid path\"", file, lineno);
	if (strcmp(mode, "-"))
		r.mode = (int)strtol(mode, NULL, 8);
	for (line += at; *line == '/' || (*line == '.' && line[1] == '/'); line++)
		;
	r.path = strdup(line);
	rules = realloc(rules, (nrules + 1) * sizeof *rules);
	if (!rules || !r.path)
		die("out of memory");
	rules[nrules++] = r;
}

static void read_manifest(const char *file)
{
	FILE *f = fopen(file, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (!f)
		die_err(-errno, "%s", file);
	for (int no = 1; (n = getline(&line, &cap, f)) > 0; no++) {
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (*line && *line != '#')
			rule_add(line, file, no);
	}
	free(line);
	fclose(f);
	if (nrules)
		qsort(rules, nrules, sizeof *rules, rule_cmp);
}

static const struct rule *find_rule(const char *path)
{
	struct rule key = { .path = (char *)path };

	return nrules ? bsearch(&key, rules, nrules, sizeof *rules, rule_cmp) : NULL;
}

static void set_attr(struct cfs_inode *ip, const struct stat *st, const char *path)
{
	const struct rule *r = find_rule(path);
	struct cfs_attr a = { .mode = r && r->mode >= 0 ? (uint32_t)r->mode : st->st_mode & 07777,
			      .uid = r ? r->uid : 0, .gid = r ? r->gid : 0 };
	int err;

	for (int i = 0; i < 4; i++)
		a.time[i] = tool_epoch() >= 0 ? (struct cfs_time){ tool_epoch(), 0 }
			: (struct cfs_time){ st->st_mtim.tv_sec, (uint32_t)st->st_mtim.tv_nsec };
	err = cfs_setattr(ip, CFS_SET_MODE | CFS_SET_UID | CFS_SET_GID | CFS_SET_ATIME | CFS_SET_MTIME |
			  CFS_SET_CTIME | CFS_SET_BTIME, &a);
	if (err)
		die_err(err, "%s", path);
}

/* A second name of a file that is in already: 1 when done. */
static int add_link(struct cfs_inode *dir, const char *name, const struct stat *st, const char *path)
{
	for (size_t i = 0; i < nlinks; i++) {
		struct cfs_inode *ip;
		int err;

		if (links[i].dev != st->st_dev || links[i].st != st->st_ino)
			continue;
		err = cfs_iget(dir->fs, links[i].ino, &ip);
		if (!err)
			err = cfs_link(dir, name, strlen(name), ip);
		if (err)
			die_err(err, "%s", path);
		set_attr(ip, st, path);
		cfs_iput(ip);
		return 1;
	}
	return 0;
}

static void remember_link(const struct stat *st, uint64_t ino)
{
	links = realloc(links, (nlinks + 1) * sizeof *links);
	if (!links)
		die("out of memory");
	links[nlinks++] = (struct hardlink){ st->st_dev, st->st_ino, ino };
}

static struct cfs_inode *make(struct cfs_inode *dir, const char *name, const struct stat *st, int at,
			      const char *path)
{
	struct cfs_new w = { .mode = st->st_mode, .rdev = st->st_rdev };
	struct cfs_inode *ip;
	char target[4096];
	int err;

	if (S_ISLNK(st->st_mode)) {
		ssize_t n = readlinkat(at, name, target, sizeof target);

		err = n < 0 ? -errno : cfs_symlink(dir, name, strlen(name), &w, target, (size_t)n, &ip);
	} else {
		err = cfs_create(dir, name, strlen(name), &w, &ip);
	}
	/* An existing directory is merged with, anything else is in the way. */
	if (err == -EEXIST && S_ISDIR(st->st_mode))
		err = cfs_lookup(dir, name, strlen(name), &ip);
	if (err)
		die_err(err, "%s", path);
	return ip;
}

static void add_tree(struct cfs_inode *dir, int fd, const char *path);

static void add_one(struct cfs_inode *dir, const char *name, int at, const char *path)
{
	struct cfs_inode *ip;
	struct stat st;
	int fd = -1;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		die_err(-errno, "%s", path);
	if (S_ISSOCK(st.st_mode)) {
		warn("%s: socket left out", path);
		return;
	}
	if (!S_ISDIR(st.st_mode) && st.st_nlink > 1 && add_link(dir, name, &st, path))
		return;
	ip = make(dir, name, &st, at, path);
	if (!S_ISDIR(st.st_mode) && st.st_nlink > 1)
		remember_link(&st, ip->ino);
	if (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)) {
		fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			die_err(-errno, "%s", path);
		if (S_ISDIR(st.st_mode))
			add_tree(ip, fd, path);
		else
			tool_copy_in(ip, fd, path);
		close(fd);
	}
	set_attr(ip, &st, path);
	cfs_iput(ip);
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **list_names(int fd, const char *path, size_t *n)
{
	DIR *d = fdopendir(dup(fd));
	char **names = NULL;
	struct dirent *e;

	if (!d)
		die_err(-errno, "%s", path);
	for (*n = 0; (e = readdir(d));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		names = realloc(names, (*n + 1) * sizeof *names);
		if (!names || !(names[(*n)++] = strdup(e->d_name)))
			die("out of memory");
	}
	closedir(d);
	if (*n)
		qsort(names, *n, sizeof *names, name_cmp);
	return names;
}

static void add_tree(struct cfs_inode *dir, int fd, const char *path)
{
	size_t n;
	char **names = list_names(fd, path, &n);

	for (size_t i = 0; i < n; i++) {
		char *sub = join_path(path, names[i]);

		add_one(dir, names[i], fd, sub);
		free(sub);
		free(names[i]);
	}
	free(names);
}

int cmd_populate(int argc, char **argv)
{
	struct cfs_inode *root;
	struct cfs *fs;
	struct stat st;
	int c, fd;

	while ((c = getopt(argc, argv, "m:")) != -1) {
		if (c != 'm')
			return -1;
		read_manifest(optarg);
	}
	if (argc - optind != 2)
		return -1;
	fd = open(argv[optind + 1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die_err(-errno, "%s", argv[optind + 1]);
	fs = tool_mount(argv[optind], 0);
	root = cfs_root(fs);
	add_tree(root, fd, "");
	st.st_mode = S_IFDIR | 0755;
	set_attr(root, &st, "");
	cfs_iput(root);
	close(fd);
	tool_unmount(fs);
	return 0;
}

int cmd_put(int argc, char **argv)
{
	struct cfs_inode *dir, *ip;
	struct cfs *fs;
	const char *name;
	struct stat st;
	int fd, err;

	if (argc != 4)
		return -1;
	fd = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		die_err(-errno, "%s", argv[2]);
	if (!S_ISREG(st.st_mode))
		die("%s: not a regular file", argv[2]);
	fs = tool_mount(argv[1], 0);
	dir = tool_parent(fs, argv[3], &name);
	err = cfs_lookup(dir, name, strlen(name), &ip);
	if (!err)
		err = cfs_truncate(ip, 0);
	else if (err == -ENOENT)
		err = cfs_create(dir, name, strlen(name), &(struct cfs_new){ .mode = st.st_mode }, &ip);
	if (err)
		die_err(err, "%s", argv[3]);
	tool_copy_in(ip, fd, argv[3]);
	set_attr(ip, &st, argv[3]);
	cfs_iput(ip);
	cfs_iput(dir);
	close(fd);
	tool_unmount(fs);
	return 0;
}
