/* SPDX-License-Identifier: MIT */
/* object.h: the fake kernel's objects, for fake.c, which keeps them, and client.c, which uses them. */
#ifndef FAKE_OBJECT_H
#define FAKE_OBJECT_H

#include <sys/stat.h>

#include "../../../os/srv/fs/fsd.h"

#define NHANDLE	65536
#define MAXPAGE	16384

struct page { bool present, dirty; uint8_t data[PAGE]; };
struct object {
	bool used, file;
	unsigned refs;
	uint64_t koid;
	struct file_args f;
	uint64_t key, size, credit;		/* mem */
	struct page *mark;
	struct page *page[MAXPAGE];
	int fault;				/* answer of mem_fail */
	handle_t self;
	bool wrote;				/* since PAGE_DIRTY, or the last question (MEM_LOOK) */
	bool kept;				/* stat is what the server said last, with STAT_KEEP, of file kept_by */
	uint64_t kept_by;
	struct stat stat;
};

struct object *fake_get(handle_t h);		/* it must be there */
struct object *fake_find(handle_t h);		/* or NULL */
struct page *fake_page(struct object *o, uint64_t i);
void fake_unref(struct object *o);
extern struct msg *fake_now;			/* the request being handled: what sys_msg_* are about */

#endif
