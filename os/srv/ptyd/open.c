/* SPDX-License-Identifier: MIT */
/* Opens: a table from file ids to struct open. */
#include <stdlib.h>
#include "ptyd.h"

#define NHASH	128

static struct open *table[NHASH];	/* chained through `chain` */
static uint64_t next_id = 1;

struct entry { struct open o; struct open *chain; };

struct open *open_find(uint64_t id)
{
	struct open *o;

	for (o = table[id % NHASH]; o && o->id != id; o = ((struct entry *)o)->chain)
		;
	return o;
}

/* The kernel answers for null and zero itself. */
static uint32_t file_flags(enum node node)
{
	if (node == D_NULL)
		return FILE_NULL;
	if (node == D_ZERO)
		return FILE_ZERO;
	return node <= D_PTSDIR || node == D_FULL || node == D_RANDOM ? FILE_SEEKABLE : 0;
}

struct open *open_new(enum node node, struct tty *t, uint32_t fflags, uint32_t ready)
{
	struct entry *e = calloc(1, sizeof(*e));
	int64_t h;

	if (!e)
		return NULL;
	e->o.id = next_id++;
	e->o.node = node;
	e->o.tty = t;
	e->o.ready = ready;
	h = srv_file(&ptyd, e->o.id, fflags, ready, file_flags(node));
	if (h < 0) {
		free(e);
		return NULL;
	}
	e->o.h = (handle_t)h;
	e->chain = table[e->o.id % NHASH];
	table[e->o.id % NHASH] = &e->o;
	if (t && node == D_TERM) {
		e->o.next = t->opens;
		t->opens = &e->o;
	}
	return &e->o;
}

void open_free(struct open *o)
{
	struct open **p;

	for (p = &table[o->id % NHASH]; *p != o; p = &((struct entry *)*p)->chain)
		;
	*p = ((struct entry *)o)->chain;
	if (o->tty && o->node == D_TERM) {
		for (p = &o->tty->opens; *p != o; p = &(*p)->next)
			;
		*p = o->next;
	}
	sys_handle_close(o->h);
	free(o);
}
