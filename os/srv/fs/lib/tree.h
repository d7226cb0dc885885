/* SPDX-License-Identifier: MIT */
/* Shared by tree.c and tree_edit.c. */
#ifndef CALXFS_TREE_H
#define CALXFS_TREE_H

struct cfs;
struct path;

/* Makes every node of the path dirty, from the root down. */
int path_cow(struct cfs *fs, struct path *p);

#endif
