/* SPDX-License-Identifier: MIT */
/* The small character devices: null, zero, full, random. */
#include <errno.h>
#include <string.h>
#include "ptyd.h"

#define CHUNK	16384

int64_t small_read(struct open *o, struct srv_req *r)
{
	static uint8_t buf[CHUNK];
	uint64_t n = r->m.w[1], done = 0;

	if (o->node == D_NULL)
		return 0;
	if (o->node != D_ZERO && o->node != D_FULL && o->node != D_RANDOM)
		return -EISDIR;
	if (o->node != D_RANDOM)
		memset(buf, 0, n < CHUNK ? n : CHUNK);
	while (done < n) {
		uint64_t part = n - done < CHUNK ? n - done : CHUNK;
		int64_t err = o->node == D_RANDOM ? sys_getrandom(buf, part) : 0;

		if (err >= 0)
			err = sys_msg_write(r->m.token, 1, done, buf, part);
		if (err < 0)
			return done ? (int64_t)done : err;
		done += part;
	}
	return (int64_t)done;
}

int64_t small_write(struct open *o, struct srv_req *r)
{
	if (o->node == D_FULL)
		return -ENOSPC;
	if (o->node == D_NULL || o->node == D_ZERO || o->node == D_RANDOM)
		return (int64_t)r->m.w[1];
	return -EISDIR;
}
