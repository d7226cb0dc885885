/* SPDX-License-Identifier: MIT */
/* Handle tables as a whole: fork, exec, listing and the end of a process. */
#include "defs.h"
#include "obj/handle.h"

static struct hrange *range_nr(struct handles *t, int i)
{
	return i ? &t->high : &t->low;
}

static struct hchunk *chunk_copy(const struct hchunk *c)
{
	struct hchunk *n = kmalloc(sizeof *n);

	if (!n)
		return NULL;
	n->used = c->used;
	for (uint64_t left = c->used; left; left &= left - 1) {
		int i = __builtin_ctzll(left);
		n->slot[i] = c->slot[i];
		href_get(&n->slot[i]);
	}
	return n;
}

static int range_copy(struct handles *t, struct hrange *to, const struct hrange *from)
{
	if (from->ndir > to->ndir) {
		to->dir = kzalloc(from->ndir * sizeof *to->dir);
		if (!to->dir) {
			to->dir = to->first;
			return -ENOMEM;
		}
		to->ndir = from->ndir;
	}
	for (uint32_t i = 0; i < from->ndir; i++) {
		if (!from->dir[i] || !from->dir[i]->used)
			continue;
		to->dir[i] = chunk_copy(from->dir[i]);
		if (!to->dir[i])
			return -ENOMEM;
		t->count += __builtin_popcountll(to->dir[i]->used);
	}
	to->hint = from->hint;
	return 0;
}

int handles_fork(struct handles *to, struct handles *from)
{
	spin_lock(&from->lock);
	int err = range_copy(to, &to->low, &from->low);
	if (!err)
		err = range_copy(to, &to->high, &from->high);
	spin_unlock(&from->lock);
	return err;
}

/* Calls handle_close for each handle of a chunk in `set`. base: handle number of its slot 0. */
static void chunk_close(struct handles *t, uint64_t set, handle_t base)
{
	for (; set; set &= set - 1)
		handle_close(t, base + __builtin_ctzll(set));
}

void handles_clear(struct handles *t)
{
	for (int k = 0; k < 2; k++) {
		struct hrange *r = range_nr(t, k);
		for (uint32_t i = 0; i < r->ndir; i++) {
			if (!r->dir[i])
				continue;
			chunk_close(t, r->dir[i]->used, (k ? H_HIGH : 0) + (handle_t)i * HCHUNK);
			kfree(r->dir[i]);
			r->dir[i] = NULL;
		}
		if (r->dir != r->first)
			kfree(r->dir);
		r->dir = r->first;
		r->ndir = 2;
		r->hint = 0;
	}
}

void handles_exec(struct handles *t)
{
	for (int k = 0; k < 2; k++) {
		struct hrange *r = range_nr(t, k);
		for (uint32_t i = 0; i < r->ndir; i++) {
			uint64_t set = 0;
			if (!r->dir[i])
				continue;
			for (uint64_t left = r->dir[i]->used; left; left &= left - 1) {
				int s = __builtin_ctzll(left);
				if (r->dir[i]->slot[s].flags & H_CLOEXEC)
					set |= 1ull << s;
			}
			chunk_close(t, set, (k ? H_HIGH : 0) + (handle_t)i * HCHUNK);
		}
	}
}

void handles_clear_high(struct handles *t)
{
	for (uint32_t i = 0; i < t->high.ndir; i++)
		if (t->high.dir[i])
			chunk_close(t, t->high.dir[i]->used, H_HIGH + (handle_t)i * HCHUNK);
}

handle_t handle_next(struct handles *t, handle_t from)
{
	bool high = from >= H_HIGH;
	struct hrange *r = range_nr(t, high);
	uint32_t first = (uint32_t)from - (high ? H_HIGH : 0);
	handle_t found = -EBADF;

	spin_lock(&t->lock);
	for (uint32_t i = first / HCHUNK; i < r->ndir && found < 0; i++) {
		uint64_t left = r->dir[i] ? r->dir[i]->used : 0;
		if (i == first / HCHUNK)
			left &= ~0ull << first % HCHUNK;
		if (left)
			found = (high ? H_HIGH : 0) + (handle_t)i * HCHUNK + __builtin_ctzll(left);
	}
	spin_unlock(&t->lock);
	return found;
}
