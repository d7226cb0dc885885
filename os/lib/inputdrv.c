/* SPDX-License-Identifier: MIT */
/* Input devices: who opened last reads; see inputdrv.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include "inputdrv.h"

#define MAX	16

static struct inputdrv *devices[MAX];

int input_add(struct srv *s, struct inputdrv *d, const char *name, unsigned id)
{
	char full[64];
	int64_t h;

	if (id >= MAX)
		return -ENOSPC;
	d->reader = H_NONE;
	devices[id] = d;
	h = srv_file(s, INPUT_ID + id, 02, 0, 0);
	if (h < 0)
		return (int)h;
	snprintf(full, sizeof(full), "dev:%s", name);
	return (int)srv_register(full, (handle_t)h);
}

void input_remove(struct inputdrv *d)
{
	for (unsigned i = 0; i < MAX; i++)
		if (devices[i] == d)
			devices[i] = NULL;
	if (d->reader != H_NONE)
		sys_handle_close(d->reader);
	d->reader = H_NONE;
}

void input_send(struct inputdrv *d, uint16_t type, uint16_t code, int32_t value)
{
	struct input_event e = { type, code, value };

	if (d->reader != H_NONE)
		sys_write(d->reader, &e, sizeof(e));
}

static int64_t open_stream(struct inputdrv *d, struct srv_req *r)
{
	handle_t h[2];
	int64_t err = sys_pair(h, O_CLOEXEC | O_NONBLOCK);

	if (err < 0)
		return err;
	if (d->reader != H_NONE)
		sys_handle_close(d->reader);
	d->reader = h[0];
	srv_give(r, h[1]);
	return 0;
}

int64_t input_call(struct srv *s, struct srv_req *r)
{
	uint64_t id = r->m.id - INPUT_ID;

	(void)s;
	if (CRED_UID(r->m.cred))
		return -EPERM;
	if (id >= MAX || !devices[id])
		return -ENODEV;
	return r->m.w[0] == I_OPEN ? open_stream(devices[id], r) : -ENOSYS;
}
