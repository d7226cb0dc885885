/* SPDX-License-Identifier: MIT */
/* calxfs snapshot: create, delete, rollback, list. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tool.h"

static int list(const char *image)
{
	struct cfs *fs = tool_mount(image, CFS_RDONLY);
	struct cfs_snapinfo s = { 0 };

	while (!cfs_snapshot_list(fs, s.gen, &s)) {
		time_t t = (time_t)s.time.sec;
		char when[32];

		strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", gmtime(&t));
		printf("%llu %llu %s %.*s\n", (unsigned long long)s.gen, (unsigned long long)s.parent, when,
		       (int)s.namelen, s.name);
	}
	cfs_abandon(fs);
	return 0;
}

int cmd_snapshot(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(struct cfs *fs, const char *name, size_t n);
	} ways[] = { { "create", cfs_snapshot_create }, { "delete", cfs_snapshot_delete },
		     { "rollback", cfs_snapshot_rollback } };

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
