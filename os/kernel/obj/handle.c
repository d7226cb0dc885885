/* SPDX-License-Identifier: MIT */
/* Handle tables: finding, placing and closing handles. */
#include "defs.h"
#include "obj/handle.h"
#include "proc/proc.h"

bool href_counts(const struct href *r)
{
	if (obj_kind(r->obj) == OBJ_PORT)
		return r->rights & R_RECV;
	return !(r->flags & HREF_OWNER);
}

void href_get(const struct href *r)
{
	obj_get(r->obj);
	if (href_counts(r))
		atomic_fetch_add(&r->obj->handles, 1);
}

void href_drop(struct href *r)
{
	struct obj *o = r->obj;

	if (!o)
		return;
	r->obj = NULL;
	struct href was = { o, r->rights, r->flags };
	if (href_counts(&was) && atomic_fetch_sub(&o->handles, 1) == 1)
		obj_closed(o);
	obj_put(o);
}

static void range_init(struct hrange *r)
{
	r->dir = r->first;
	r->ndir = 2;
	r->hint = 0;
	r->first[0] = r->first[1] = NULL;
}

void handles_init(struct handles *t)
{
	spin_init(&t->lock, "handles", RANK_HANDLES);
	t->count = 0;
	t->low_max = HCHUNK * HCHUNKS_MAX;
	range_init(&t->low);
	range_init(&t->high);
}

/* The range that h lies in; *h becomes the index in it. NULL when h is no handle number. */
static struct hrange *range_of(struct handles *t, uint32_t *h)
{
	if (*h < H_HIGH)
		return &t->low;
	*h -= H_HIGH;
	return *h < H_MAX - H_HIGH ? &t->high : NULL;
}

/* Makes room for chunk index n in the directory. */
static int range_grow(struct hrange *r, uint32_t n)
{
	uint32_t ndir = r->ndir;

	if (n >= HCHUNKS_MAX)
		return -EMFILE;
	while (ndir <= n)
		ndir *= 2;
	struct hchunk **dir = kzalloc(ndir * sizeof *dir);
	if (!dir)
		return -ENOMEM;
	memcpy(dir, r->dir, r->ndir * sizeof *dir);
	if (r->dir != r->first)
		kfree(r->dir);
	r->dir = dir;
	r->ndir = ndir;
	return 0;
}

/* The chunk with index n, made when absent. */
static int range_chunk(struct hrange *r, uint32_t n, struct hchunk **out)
{
	if (n >= r->ndir) {
		int err = range_grow(r, n);
		if (err)
			return err;
	}
	if (!r->dir[n]) {
		r->dir[n] = kmalloc(sizeof **r->dir);
		if (!r->dir[n])
			return -ENOMEM;
		r->dir[n]->used = 0;
	}
	*out = r->dir[n];
	return 0;
}

/* The lowest free index >= min, or -errno. */
static int64_t range_find(struct hrange *r, uint32_t min, struct hchunk **chunk)
{
	uint32_t n = min / HCHUNK;
	uint64_t below = (1ull << min % HCHUNK) - 1;

	if (n < r->hint) {
		n = r->hint;
		below = 0;
	}
	for (;; n++, below = 0) {
		int err = range_chunk(r, n, chunk);
		if (err)
			return err;
		uint64_t taken = (*chunk)->used | below;
		if (taken != UINT64_MAX) {
			if (below == 0)
				r->hint = min <= r->hint * HCHUNK ? n : r->hint;
			return (int64_t)n * HCHUNK + __builtin_ctzll(~taken);
		}
	}
}

static void slot_fill(struct handles *t, struct hchunk *c, uint32_t i, const struct href *h)
{
	c->slot[i] = *h;
	c->used |= 1ull << i;
	t->count++;
}

handle_t handle_put(struct handles *t, const struct href *h, handle_t min)
{
	uint32_t i = (uint32_t)min;
	struct hchunk *c;
	struct hrange *r = range_of(t, &i);

	if (!r)
		return -EINVAL;
	spin_lock(&t->lock);
	int64_t at = range_find(r, i, &c);
	if (r == &t->low && at >= t->low_max)
		at = -EMFILE;
	if (at >= 0)
		slot_fill(t, c, at % HCHUNK, h);
	spin_unlock(&t->lock);
	if (at < 0)
		return (handle_t)at;
	return (handle_t)at + (r == &t->high ? H_HIGH : 0);
}

handle_t handle_place(struct handles *t, struct href r, uint32_t hflags)
{
	r.flags = (r.flags & ~H_CLOEXEC) | (hflags & H_CLOEXEC);
	return handle_put(t, &r, hflags & H_PUT_LOW ? 0 : H_HIGH);
}

int handle_put_at(struct handles *t, const struct href *h, handle_t to)
{
	uint32_t i = (uint32_t)to;
	struct hrange *r = range_of(t, &i);
	struct href old = { 0 };
	struct hchunk *c;

	if (!r || i / HCHUNK >= HCHUNKS_MAX)
		return -EBADF;
	spin_lock(&t->lock);
	int err = range_chunk(r, i / HCHUNK, &c);
	if (!err) {
		if (c->used >> i % HCHUNK & 1) {
			old = c->slot[i % HCHUNK];
			t->count--;
		}
		slot_fill(t, c, i % HCHUNK, h);
	}
	spin_unlock(&t->lock);
	href_drop(&old);
	return err;
}

int handle_take(struct handles *t, handle_t h, struct href *out)
{
	uint32_t i = (uint32_t)h;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (!s) {
		spin_unlock(&t->lock);
		return -EBADF;
	}
	*out = *s;
	struct hrange *r = range_of(t, &i);
	r->dir[i / HCHUNK]->used &= ~(1ull << i % HCHUNK);
	if (i / HCHUNK < r->hint)
		r->hint = i / HCHUNK;
	t->count--;
	spin_unlock(&t->lock);
	return 0;
}

int handle_close(struct handles *t, handle_t h)
{
	struct href r;
	int err = handle_take(t, h, &r);

	if (!err)
		href_drop(&r);
	return err;
}

int handle_copy(struct handles *t, handle_t h, struct href *out)
{
	int err = -EBADF;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (s) {
		*out = *s;
		href_get(out);
		err = 0;
	}
	spin_unlock(&t->lock);
	return err;
}

int handle_set_flags(struct handles *t, handle_t h, uint32_t mask, uint32_t flags)
{
	int old = -EBADF;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (s) {
		old = s->flags & H_CLOEXEC;
		mask &= H_CLOEXEC;
		s->flags = (s->flags & ~mask) | (flags & mask);
	}
	spin_unlock(&t->lock);
	return old;
}

int handle_object(handle_t h, enum obj_kind kind, uint32_t rights, struct obj **out)
{
	struct handles *t = &current()->proc->handles;
	int err = 0;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (!s)
		err = -EBADF;
	else if (kind != OBJ_NONE && obj_kind(s->obj) != kind)
		err = -EINVAL;
	else if (rights & ~s->rights)
		err = -EACCES;
	else {
		*out = s->obj;
		obj_get(s->obj);
	}
	spin_unlock(&t->lock);
	return err;
}

int handle_ref(handle_t h, struct href *out)
{
	struct handles *t = &current()->proc->handles;
	int err = -EBADF;

	spin_lock(&t->lock);
	struct href *s = handle_slot(t, h);
	if (s) {
		*out = *s;
		obj_get(s->obj);
		err = 0;
	}
	spin_unlock(&t->lock);
	return err;
}

handle_t handle_new(struct obj *o, uint32_t rights, uint32_t hflags)
{
	struct href r = { o, rights, 0 };

	href_get(&r);
	obj_put(o);
	handle_t h = handle_place(&current()->proc->handles, r, hflags);
	if (h < 0)
		href_drop(&r);
	return h;
}
