/* SPDX-License-Identifier: MIT */
/*
 * Socket nodes and the address files behind them. A node leads somewhere from F_BIND till its last name
 * goes; after a restart of this server, or of the server of sockets, connecting is refused.
 */
#include <stdlib.h>

#include "fsd.h"

#define FMT	0170000u
#define SOCKMODE	0140000u

struct binding {
	struct binding *next;
	uint64_t ino;
	handle_t address;
};

static struct binding *bindings;

static struct binding *find(uint64_t ino)
{
	struct binding *b;

	for (b = bindings; b && b->ino != ino; b = b->next)
		;
	return b;
}

void bind_removed(uint64_t ino)
{
	for (struct binding **pp = &bindings, *b; (b = *pp); pp = &b->next) {
		if (b->ino != ino)
			continue;
		*pp = b->next;
		sys_handle_close(b->address);
		free(b);
		return;
	}
}

int64_t op_bind(struct srv_req *r, struct ofile *of)
{
	struct binding *b;
	int err;

	if (!r->m.nh)
		return -EINVAL;
	b = malloc(sizeof *b);
	if (!b)
		return -ENOMEM;
	err = make_node(r, of, SOCKMODE | ((uint32_t)r->m.w[2] & 07777), false, &b->ino);
	if (err) {
		free(b);
		return err == -EEXIST ? -EADDRINUSE : err;
	}
	bind_removed(b->ino);
	b->address = srv_take(r, 0);
	b->next = bindings;
	bindings = b;
	return 0;
}

static int64_t give_address(struct srv_req *r, struct cfs_inode *ip)
{
	struct binding *b;
	int64_t h;
	int err = may(ip, r, MAY_W);

	if (err)
		return err;
	b = (ip->a.mode & FMT) == SOCKMODE ? find(ip->ino) : NULL;
	if (!b)
		return -ECONNREFUSED;
	h = sys_handle_dup(b->address, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

int64_t op_connect(struct srv_req *r, struct ofile *of)
{
	struct walk w;
	int64_t res = walk_request(r, of, WALK_FOLLOW, &w);

	if (!res)
		res = w.ip ? give_address(r, w.ip) : -ENOENT;
	walk_end(&w);
	return res;
}
