/* SPDX-License-Identifier: MIT */
/* The clients of the file server under test: requests, reading and writing; and what the kernel keeps for them. */
#include <errno.h>
#include <string.h>

#include "../dev.h"
#include "object.h"

static int64_t request(struct srv_req *r, uint64_t id)
{
	static uint64_t token;

	r->m.token = ++token;
	r->m.id = id;
	r->m.pid = fake_pid;
	r->m.cred = fake_cred;
	r->m.groups = fake_groups;
	fake_now = &r->m;
	return fs_call(&fsd.srv, r);
}

#define NKEPT	8
static handle_t kept[NKEPT];	/* mems that had an answer kept, the last ones */
static unsigned nkept;

static __attribute__((constructor)) void hear_of_changes(void)
{
	dev_changed = fnode_changed;
}

/* What is kept must be what the server would say now, but for the size. */
static void check_kept(void)
{
	for (int i = 0; i < NKEPT; i++) {
		struct object *o = kept[i] ? fake_find(kept[i]) : NULL;
		struct srv_req r = { .nout = 0 };
		struct stat st;

		if (!o || !o->kept || o->wrote)
			continue;
		r.m.w[0] = F_STAT;
		r.m.r[1] = (struct msg_range){ (uint64_t)&st, sizeof st };
		CHECK(request(&r, o->kept_by) == 0);
		st.st_size = o->stat.st_size;
		CHECK(memcmp(&st, &o->stat, sizeof st) == 0);
	}
}

/* As the kernel asks, and keeps it for the next time. */
static void learn(const struct object *o)
{
	struct object *m = o->f.plane == PLANE_MEM ? fake_get(o->f.data) : NULL;
	struct srv_req r = { .nout = 0 };

	if (!m || (m->kept && !m->wrote))
		return;
	r.m.w[0] = F_STAT;
	r.m.w[1] = STAT_KEEP;
	r.m.r[1] = (struct msg_range){ (uint64_t)&m->stat, sizeof m->stat };
	if (request(&r, o->f.id) || r.m.w[2] != STAT_KEEP)
		return;
	m->kept = true;
	m->kept_by = o->f.id;
	kept[nkept++ % NKEPT] = m->self;
}

/* The client's side. */
int64_t ask(handle_t h, uint64_t op, const char *path, size_t len, const uint64_t *words, struct answer *a)
{
	struct srv_req r = { .nout = 0 };
	int64_t res;

	CHECK(fake_get(h)->file);
	check_kept();
	learn(fake_get(h));
	memset(a, 0, sizeof *a);
	a->h = H_NONE;
	r.m.w[0] = op;
	for (int i = 1; i < MSG_WORDS && words; i++)
		r.m.w[i] = words[i - 1];
	r.m.r[0] = (struct msg_range){ (uint64_t)path, len };
	r.m.r[1] = (struct msg_range){ (uint64_t)a->out, 4096 };
	if (fake_along != H_NONE) {
		fake_get(fake_along)->refs++;
		r.m.h[0] = fake_along;
		r.m.nh = 1;
	}
	res = request(&r, fake_get(h)->f.id);
	if (r.m.nh && r.m.h[0] != H_NONE)
		sys_handle_close(r.m.h[0]);
	fake_along = H_NONE;
	for (int i = 0; i < MSG_WORDS; i++)
		a->w[i] = (int64_t)r.m.w[i];
	if (r.nout)
		a->h = r.out[0];
	CHECK(r.nout <= 1 && (res >= 0 || !r.nout));
	if (a->h != H_NONE)
		learn(fake_get(a->h));
	return res;
}

static void page_ask(struct object *o, uint64_t op, uint64_t off, uint64_t n)
{
	struct msg m = { .id = o->key, .kind = MSG_PAGE, .w = { op, off, n } };

	o->fault = 0;
	fake_page_ins += op == PAGE_IN;
	page_message(&fsd.srv, &m);
	if (op == PAGE_DIRTY)
		o->kept = false;
}

int64_t file_pread(handle_t h, void *buf, uint64_t n, uint64_t off)
{
	struct object *o = fake_get(fake_get(h)->f.data);
	uint64_t done = 0;

	n = off >= o->size ? 0 : n < o->size - off ? n : o->size - off;
	while (done < n) {
		struct page *p = fake_page(o, (off + done) / PAGE);
		uint64_t in = (off + done) % PAGE, k = PAGE - in < n - done ? PAGE - in : n - done;

		if (!p->present)
			page_ask(o, PAGE_IN, (off + done) / PAGE * PAGE, PAGE * (1 + rnd() % 8));
		if (!p->present)
			return o->fault ? o->fault : -ESTALE;
		if (p == o->mark) {
			o->mark = NULL;
			page_ask(o, PAGE_AHEAD, (off + done) / PAGE * PAGE, 0);
		}
		memcpy((char *)buf + done, p->data + in, k);
		done += k;
	}
	return (int64_t)n;
}

static int make_dirty(struct object *o, struct page *p, uint64_t left)
{
	struct mem_run run;
	bool first;

	if (p->dirty) {
		o->wrote = true;
		return 0;
	}
	if (!o->credit) {
		page_ask(o, PAGE_RESERVE, 0, left);
		if (!o->credit)
			return o->fault ? o->fault : -ESTALE;
	}
	o->credit--;
	first = !sys_mem_dirty(o->self, &run, 1);
	o->wrote = !first;
	if (first)
		page_ask(o, PAGE_DIRTY, 0, 0);
	p->dirty = true;
	return 0;
}

int64_t file_pwrite(handle_t h, const void *buf, uint64_t n, uint64_t off)
{
	struct object *o = fake_get(fake_get(h)->f.data);
	uint64_t done = 0;

	CHECK(fake_get(h)->f.rights & R_WRITE);
	while (done < n) {
		struct page *p = fake_page(o, (off + done) / PAGE);
		uint64_t in = (off + done) % PAGE, k = PAGE - in < n - done ? PAGE - in : n - done;
		int err;

		if (!p->present && (off + done) / PAGE * PAGE < o->size && k < PAGE)
			page_ask(o, PAGE_IN, (off + done) / PAGE * PAGE, PAGE);
		else if (!p->present)
			memset(p->data, 0, PAGE);
		err = make_dirty(o, p, (n - done + PAGE - 1) / PAGE);
		if (err)
			return done ? (int64_t)done : err;
		p->present = true;
		memcpy(p->data + in, (const char *)buf + done, k);
		done += k;
		if (off + done > o->size)
			o->size = off + done;
	}
	return (int64_t)done;
}

uint64_t file_length(handle_t h)
{
	return fake_get(fake_get(h)->f.data)->size;
}

void file_map(handle_t h, int change)
{
	struct object *o = fake_get(h);

	if (o->file)
		o = fake_get(o->f.data);
	if (change > 0)
		o->refs++;
	else
		fake_unref(o);
}

void file_close(handle_t h)
{
	struct object *o = fake_get(h);
	uint64_t id = o->f.id;
	bool last = o->refs == 1;

	if (last && o->f.data != H_NONE && fake_get(o->f.data)->kept_by == id)
		fake_get(o->f.data)->kept = false;
	fake_unref(o);
	if (last)
		fs_close(&fsd.srv, id);
}
