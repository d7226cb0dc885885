/* SPDX-License-Identifier: MIT */
/*
 * After a restart. The kernel kept the page caches and the open files of the server before us; each is known
 * again by its inode's number and generation. Changes of the last seconds that were not synced may be
 * missing on the disk: files that were made then are gone, and who has one open gets errors. Pages are not:
 * those that may be newer than the disk are dirty again. Locks, open fifos' ends, bound sockets and watches
 * are not known again.
 */
#include <stdlib.h>

#include "fsd.h"

handle_t revive(void)
{
	struct port_item it;
	uint32_t flags = INHERIT_BEGIN, files = 0, mems = 0;
	handle_t root = H_NONE;
	int64_t r = 0;

	if (srv_extra("port") == H_NONE)
		return H_NONE;
	/* Mems come before files: a file finds its page cache. */
	while ((r = sys_port_inherit(fsd.srv.port, flags, &it)) > 0) {
		flags = 0;
		if (it.kind == OBJ_MEM) {
			mems++;
			if (fnode_revive(&it))
				continue;
			sys_adopt(it.h, 0);
		} else {
			files++;
			if (ofile_revive(&it)) {
				root = it.h;
				continue;
			}
		}
		sys_handle_close(it.h);
	}
	if (r < 0)
		srv_die("%s: what was open: error %d", fsd.prefix, (int)-r);
	if (files || mems)
		srv_log("%s: back with %u open files, %u in the page cache", fsd.prefix, files, mems);
	for (struct fnode *fn = fsd.old; fn; fn = fn->next)
		if (fn->dirty)
			touch_timer();
	r = fsd.readonly ? 0 : cfs_clean(fsd.fs);
	if (r < 0)
		srv_log("%s: files without a name: error %d", fsd.prefix, (int)-r);
	return root;
}
