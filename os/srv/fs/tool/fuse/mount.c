/* SPDX-License-Identifier: MIT */
/* calxfs mount: an image as a folder of this host, by FUSE. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuse.h"

#define DELAY	5000	/* ms without a request after which changes are made durable */

struct cfs *mounted;
struct cfs_inode *mounted_root;

static void serve(struct fuse_session *se)
{
	struct fuse_buf buf = { .mem = NULL };
	struct pollfd p = { .fd = fuse_session_fd(se), .events = POLLIN };
	int n;

	while (!fuse_session_exited(se)) {
		n = poll(&p, 1, DELAY);
		if (!n && cfs_dirty(mounted))
			cfs_sync(mounted);
		if (n <= 0)
			continue;
		n = fuse_session_receive_buf(se, &buf);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			break;
		fuse_session_process_buf(se, &buf);
	}
	free(buf.mem);
}

static struct fuse_session *session(const char *image, bool readonly)
{
	struct fuse_lowlevel_ops ops = { 0 };
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	struct fuse_session *se;
	char *opts = NULL, *p;

	if (asprintf(&opts, "default_permissions,subtype=calxfs%s,fsname=%s", readonly ? ",ro" : "", image) < 0)
		die("out of memory");
	for (p = strstr(opts, "fsname=") + 7; *p; p++)
		if (*p == ',')
			*p = '_';
	names_ops(&ops);
	data_ops(&ops);
	if (fuse_opt_add_arg(&args, "calxfs") || fuse_opt_add_arg(&args, "-o") || fuse_opt_add_arg(&args, opts))
		die("out of memory");
	se = fuse_session_new(&args, &ops, sizeof ops, NULL);
	fuse_opt_free_args(&args);
	free(opts);
	return se;
}

int cmd_mount(int argc, char **argv)
{
	bool readonly = false, stay = false;
	struct fuse_session *se;
	int c;

	while ((c = getopt(argc, argv, "fr")) != -1) {
		if (c == 'f')
			stay = true;
		else if (c == 'r')
			readonly = true;
		else
			return -1;
	}
	if (argc - optind != 2)
		return -1;
	tool_barriers = true;
	mounted = tool_mount(argv[optind], readonly ? CFS_RDONLY : 0);
	mounted_root = cfs_root(mounted);
	if (!mounted_root)
		die("%s: its root cannot be read", argv[optind]);
	se = session(argv[optind], readonly);
	if (!se || fuse_set_signal_handlers(se) || fuse_session_mount(se, argv[optind + 1]))
		die("%s: cannot be mounted", argv[optind + 1]);
	if (fuse_daemonize(stay))
		die_err(-errno, "going to the background");
	serve(se);
	fuse_session_unmount(se);
	fuse_remove_signal_handlers(se);
	fuse_session_destroy(se);
	tool_unmount(mounted);
	return 0;
}
