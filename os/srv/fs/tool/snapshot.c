/* SPDX-License-Identifier: MIT */
/* calxfs snapshot: create, delete, rollback, list: in an image, or by the server of a mounted file system. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../../abi/fs.h"
#include "tool.h"

static void print(uint64_t gen, uint64_t parent, int64_t sec, const char *name, size_t n)
{
	time_t t = (time_t)sec;
	char when[32];

	strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", gmtime(&t));
	printf("%llu %llu %s %.*s\n", (unsigned long long)gen, (unsigned long long)parent, when, (int)n, name);
}

static int list(const char *image)
{
	struct cfs *fs = tool_mount(image, CFS_RDONLY);
	struct cfs_snapinfo s = { 0 };

	while (!cfs_snapshot_list(fs, s.gen, &s))
		print(s.gen, s.parent, s.time.sec, s.name, s.namelen);
	cfs_abandon(fs);
	return 0;
}

static int list_mounted(const char *dir, int fd)
{
	struct fs_snapshot s = { 0 };

	while (!ioctl(fd, FS_SNAPSHOT_NEXT, &s))
		print(s.gen, s.parent, s.sec, s.name, strlen(s.name));
	if (errno != ENOENT)
		die_err(-errno, "%s", dir);
	return 0;
}

static int in_mounted(const char *word, const char *dir, int fd, const char *name)
{
	struct fs_snapshot s = { 0 };
	char path[600];
	int err;

	if (strlen(name) >= sizeof s.name || strchr(name, '/'))
		die("%s: no name for a snapshot", name);
	strcpy(s.name, name);
	snprintf(path, sizeof path, CFS_SNAPDIR "/%s", name);
	if (!strcmp(word, "create"))
		err = mkdirat(fd, path, 0755);
	else if (!strcmp(word, "delete"))
		err = unlinkat(fd, path, AT_REMOVEDIR);
	else if (!strcmp(word, "rollback"))
		err = ioctl(fd, FS_SNAPSHOT_ROLLBACK, &s);
	else
		return -1;
	if (err)
		die_err(-errno, "%s: snapshot %s", dir, name);
	if (*word == 'r')
		printf("%s goes back to it when it is mounted next\n", dir);
	return 0;
}

/* The root of a mounted file system: a result, or -1: bad usage. */
static int mounted(int argc, char **argv, const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = -1;

	if (fd < 0)
		die_err(-errno, "%s", dir);
	if (argc == 3 && !strcmp(argv[1], "list"))
		r = list_mounted(dir, fd);
	else if (argc == 4)
		r = in_mounted(argv[1], dir, fd, argv[3]);
	close(fd);
	return r;
}

int cmd_snapshot(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(struct cfs *fs, const char *name, size_t n);
	} ways[] = { { "create", cfs_snapshot_create }, { "delete", cfs_snapshot_delete },
		     { "rollback", cfs_snapshot_rollback } };
	struct stat st;

	if (argc > 2 && !stat(argv[2], &st) && S_ISDIR(st.st_mode))
		return mounted(argc, argv, argv[2]);
	if (argc == 3 && !strcmp(argv[1], "list"))
		return list(argv[2]);
	for (size_t i = 0; i < 3 && argc == 4; i++) {
		struct cfs *fs;
		int err;

		if (strcmp(argv[1], ways[i].word))
			continue;
		fs = tool_mount(argv[2], 0);
		err = ways[i].run(fs, argv[3], strlen(argv[3]));
		if (err)
			die_err(err, "%s: snapshot %s", argv[2], argv[3]);
		tool_unmount(fs);
		if (i < 2)
			return 0;
		tool_unmount(tool_mount(argv[2], 0));	/* which goes back */
		return 0;
	}
	return -1;
}
