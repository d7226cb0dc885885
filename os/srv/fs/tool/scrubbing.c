/* SPDX-License-Identifier: MIT */
/* calxfs scrub: of an image, here; of a mounted file system, by its server. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../../abi/fs.h"
#include "tool.h"

#define STEP	4096u		/* blocks */
#define PAUSE	100000000	/* ns */

static bool progress;

static void show(const struct fs_scrub *s)
{
	uint64_t done = s->blocks < s->total ? s->blocks : s->total;

	if (progress)
		fprintf(stderr, "\r%3u%% of %llu blocks, %llu repaired, %llu bad",
			(unsigned)(s->total ? done * 100 / s->total : 100), (unsigned long long)s->total,
			(unsigned long long)s->repaired, (unsigned long long)s->errors);
}

static void tell(const char *path, uint64_t ino, uint64_t page)
{
	if (path)
		printf("damaged: %s, byte %llu\n", path, (unsigned long long)page * CFS_PAGE);
	else
		printf("damaged: inode %llu, byte %llu\n", (unsigned long long)ino, (unsigned long long)page * CFS_PAGE);
}

static int result(const struct fs_scrub *s)
{
	show(s);
	if (progress)
		fputc('\n', stderr);
	if (s->state == SCRUB_FAILED)
		die_err(-s->error, "not finished");
	printf("%llu blocks read, %llu repaired, %llu bad\n", (unsigned long long)s->blocks,
	       (unsigned long long)s->repaired, (unsigned long long)s->errors);
	return s->errors ? 1 : 0;
}

static int scrub_image(const char *image)
{
	struct cfs *fs = tool_mount(image, 0);
	struct fs_scrub st = { 0 };
	struct cfs_scrub *s;
	char path[4096];
	uint64_t page;
	int r = cfs_scrub_begin(fs, &s), err;

	if (!r)
		while ((r = cfs_scrub_step(s, STEP)) > 0)
			;
	if (r)
		die_err(r, "%s", image);
	for (uint32_t i = 0; (err = cfs_scrub_path(s, i, &page, path, sizeof path)) != -ENOENT; i++)
		tell(err ? NULL : path, cfs_scrub_inode(s, i), page);
	st.blocks = cfs_scrub_stat(s).blocks;
	st.repaired = cfs_scrub_stat(s).repaired;
	st.errors = cfs_scrub_stat(s).errors;
	cfs_scrub_end(s);
	tool_unmount(fs);
	return result(&st);
}

static int scrub_mounted(const char *dir)
{
	static struct fs_damage d;
	struct timespec pause = { .tv_nsec = PAUSE };
	struct fs_scrub s = { 0 };
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die_err(-errno, "%s", dir);
	if (ioctl(fd, FS_SCRUB_START, 0) && errno != EBUSY)	/* one that runs will do */
		die_err(-errno, "%s", dir);
	do {
		nanosleep(&pause, NULL);
		if (ioctl(fd, FS_SCRUB_LOOK, &s))
			die_err(-errno, "%s", dir);
		show(&s);
	} while (s.state == SCRUB_RUNS);
	if (s.state == SCRUB_STOPPED)
		die("%s: somebody stopped it", dir);
	while (s.state == SCRUB_DONE && !ioctl(fd, FS_SCRUB_DAMAGE, &d)) {
		tell(d.known ? d.path : NULL, d.ino, d.page);
		d.index++;
	}
	close(fd);
	return result(&s);
}

int cmd_scrub(int argc, char **argv)
{
	struct stat st;

	if (argc != 2)
		return -1;
	progress = isatty(2);
	if (stat(argv[1], &st))
		die_err(-errno, "%s", argv[1]);
	return S_ISDIR(st.st_mode) ? scrub_mounted(argv[1]) : scrub_image(argv[1]);
}
