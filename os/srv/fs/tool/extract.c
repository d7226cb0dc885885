/* SPDX-License-Identifier: MIT */
/* calxfs ls, cat, get, extract: from an image to the host. */
#define _XOPEN_SOURCE 700	/* mknodat */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

/* The entries of a directory, copied out so that the library may be called for each. */
struct names {
	char **name;
	uint64_t *ino;
	size_t n;
};

static int collect(void *arg, const struct cfs_dent *d)
{
	struct names *l = arg;

	if (d->next <= 2)
		return 0;
	l->name = realloc(l->name, (l->n + 1) * sizeof *l->name);
	l->ino = realloc(l->ino, (l->n + 1) * sizeof *l->ino);
	if (!l->name || !l->ino)
		die("out of memory");
	l->ino[l->n] = d->ino;
	l->name[l->n++] = strndup(d->name, d->namelen);
	return 0;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(struct cfs_inode *dir, struct names *l)
{
	int err = cfs_readdir(dir, 0, collect, l);

	if (err)
		die_err(err, "directory %llu", (unsigned long long)dir->ino);
	if (l->n)
		qsort(l->name, l->n, sizeof *l->name, name_cmp);
}

static struct cfs_inode *child(struct cfs_inode *dir, const char *name)
{
	struct cfs_inode *ip;
	int err = cfs_lookup(dir, name, strlen(name), &ip);

	if (err)
		die_err(err, "%s", name);
	return ip;
}

static void free_names(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	free(l->ino);
}

static void print_one(struct cfs_inode *ip, const char *name)
{
	static const char types[] = "?pc?d?b?-?l?s???";
	uint32_t m = ip->a.mode;
	char perm[11] = "rwxrwxrwx", link[4096];

	for (int i = 0; i < 9; i++)
		if (!(m >> (8 - i) & 1))
			perm[i] = '-';
	if (m & 04000)
		perm[2] = m & 0100 ? 's' : 'S';
	if (m & 02000)
		perm[5] = m & 010 ? 's' : 'S';
	if (m & 01000)
		perm[8] = m & 1 ? 't' : 'T';
	printf("%c%s %3u %5u %5u %10llu %lld %s", types[m >> 12 & 15], perm, ip->a.nlink, ip->a.uid, ip->a.gid,
	       (unsigned long long)ip->a.size, (long long)ip->a.time[CFS_MTIME].sec, name);
	if (S_ISLNK(m)) {
		int n = cfs_readlink(ip, link, sizeof link);

		printf(" -> %.*s", n < 0 ? 0 : n, link);
	}
	putchar('\n');
}

static void ls(struct cfs_inode *dir, const char *path, bool recurse)
{
	struct names l = { 0 };

	list(dir, &l);
	for (size_t i = 0; i < l.n; i++) {
		struct cfs_inode *ip = child(dir, l.name[i]);
		char *sub = join_path(path, l.name[i]);

		print_one(ip, sub);
		if (recurse && S_ISDIR(ip->a.mode))
			ls(ip, sub, true);
		free(sub);
		cfs_iput(ip);
	}
	free_names(&l);
}

int cmd_ls(int argc, char **argv)
{
	bool recurse = false;
	struct cfs_inode *ip;
	struct cfs *fs;
	int c;

	while ((c = getopt(argc, argv, "R")) != -1) {
		if (c != 'R')
			return -1;
		recurse = true;
	}
	if (argc - optind < 1 || argc - optind > 2)
		return -1;
	fs = tool_mount(argv[optind], CFS_RDONLY);
	ip = tool_walk(fs, argc - optind == 2 ? argv[optind + 1] : "/");
	if (S_ISDIR(ip->a.mode))
		ls(ip, "", recurse);
	else
		print_one(ip, argv[optind + 1]);
	cfs_iput(ip);
	cfs_abandon(fs);
	return 0;
}

static void copy_path(const char *image, const char *path, int fd)
{
	struct cfs *fs = tool_mount(image, CFS_RDONLY);
	struct cfs_inode *ip = tool_walk(fs, path);

	if (!S_ISREG(ip->a.mode))
		die("%s: not a regular file", path);
	tool_copy_out(ip, fd, path);
	cfs_iput(ip);
	cfs_abandon(fs);
}

int cmd_cat(int argc, char **argv)
{
	if (argc != 3)
		return -1;
	copy_path(argv[1], argv[2], 1);
	return 0;
}

int cmd_get(int argc, char **argv)
{
	int fd;

	if (argc != 4)
		return -1;
	fd = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		die_err(-errno, "%s", argv[3]);
	copy_path(argv[1], argv[2], fd);
	if (close(fd) < 0)
		die_err(-errno, "%s", argv[3]);
	return 0;
}

static void set_host_attr(struct cfs_inode *ip, int at, const char *name)
{
	struct timespec ts[2];

	for (int i = 0; i < 2; i++)
		ts[i] = (struct timespec){ ip->a.time[i].sec, ip->a.time[i].nsec };
	if (!geteuid() && fchownat(at, name, ip->a.uid, ip->a.gid, AT_SYMLINK_NOFOLLOW) < 0)
		die_err(-errno, "%s", name);
	if (!S_ISLNK(ip->a.mode) && fchmodat(at, name, ip->a.mode & 07777, 0) < 0)
		die_err(-errno, "%s", name);
	utimensat(at, name, ts, AT_SYMLINK_NOFOLLOW);
}

static void extract_tree(struct cfs_inode *dir, int at);

static void extract_dir(struct cfs_inode *ip, int at, const char *name)
{
	int fd;

	if (mkdirat(at, name, 0700) < 0 && errno != EEXIST)
		die_err(-errno, "%s", name);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		die_err(-errno, "%s", name);
	extract_tree(ip, fd);
	close(fd);
}

static void extract_file(struct cfs_inode *ip, int at, const char *name)
{
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		die_err(-errno, "%s", name);
	tool_copy_out(ip, fd, name);
	if (close(fd) < 0)
		die_err(-errno, "%s", name);
}

static void extract_one(struct cfs_inode *ip, int at, const char *name)
{
	char target[4096];
	int n;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		die("an entry is named %s", name);
	if (S_ISDIR(ip->a.mode)) {
		extract_dir(ip, at, name);
	} else if (S_ISREG(ip->a.mode)) {
		extract_file(ip, at, name);
	} else if (S_ISLNK(ip->a.mode)) {
		n = cfs_readlink(ip, target, sizeof target - 1);
		if (n < 0)
			die_err(n, "%s", name);
		target[n] = 0;
		if (symlinkat(target, at, name) < 0)
			die_err(-errno, "%s", name);
	} else if (mknodat(at, name, ip->a.mode, ip->a.rdev) < 0) {
		warn("%s: special file left out: %s", name, strerror(errno));
		return;
	}
	set_host_attr(ip, at, name);
}

/* Hard links come out as separate files. */
static void extract_tree(struct cfs_inode *dir, int at)
{
	struct names l = { 0 };

	list(dir, &l);
	for (size_t i = 0; i < l.n; i++) {
		struct cfs_inode *ip = child(dir, l.name[i]);

		extract_one(ip, at, l.name[i]);
		cfs_iput(ip);
	}
	free_names(&l);
}

int cmd_extract(int argc, char **argv)
{
	struct cfs_inode *root;
	struct cfs *fs;
	int fd;

	if (argc != 3)
		return -1;
	fs = tool_mount(argv[1], CFS_RDONLY);
	if (mkdir(argv[2], 0755) < 0 && errno != EEXIST)
		die_err(-errno, "%s", argv[2]);
	fd = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die_err(-errno, "%s", argv[2]);
	root = cfs_root(fs);
	extract_tree(root, fd);
	cfs_iput(root);
	close(fd);
	cfs_abandon(fs);
	return 0;
}
