/* SPDX-License-Identifier: MIT */
/* The fake kernel: objects, handles, page cache with credit; and the pieces of the message loop. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../../../os/lib/blkfind.h"
#include "../../../os/srv/fs/fsd.h"
#include "../dev.h"
#include "object.h"

static struct object *obj[NHANDLE];
static uint64_t koids;
struct msg *fake_now;
uint32_t fake_pid = 1;
uint64_t fake_cred;
uint32_t fake_groups, fake_group_list[4], fake_dead;
char fake_written[4096];
size_t fake_nwritten;
bool fake_hung_up;
unsigned fake_page_ins;
static void (*deaths_fn)(void *arg, uint32_t events);
handle_t fake_along = H_NONE;
int64_t fake_late;
unsigned fake_lates;
handle_t fake_late_handle;

size_t strlcpy(char *to, const char *from, size_t size)
{
	size_t n = strlen(from);

	if (size) {
		memcpy(to, from, n < size ? n : size - 1);
		to[n < size ? n : size - 1] = 0;
	}
	return n;
}

struct object *fake_get(handle_t h)
{
	if (h < 0 || h >= NHANDLE || !obj[h])
		FAIL("bad handle %d", h);
	return obj[h];
}

static handle_t put(void)
{
	for (int i = 1; i < NHANDLE; i++)
		if (!obj[i]) {
			obj[i] = calloc(1, sizeof *obj[i]);
			obj[i]->refs = 1;
			obj[i]->koid = ++koids;
			obj[i]->self = i;
			return i;
		}
	FAIL("out of handles");
}

void fake_unref(struct object *o)
{
	if (--o->refs)
		return;
	if (o->file && o->f.data != H_NONE)
		fake_unref(fake_get(o->f.data));
	obj[o->self] = NULL;
	for (int i = 0; i < MAXPAGE; i++)
		free(o->page[i]);
	free(o);
}

struct object *fake_find(handle_t h)
{
	return obj[h];
}

unsigned fake_live(void)
{
	unsigned n = 0;

	for (int i = 0; i < NHANDLE; i++)
		n += obj[i] != NULL;
	return n;
}

/* procd, and the file that tells of deaths. */
int64_t sys_call(handle_t h, struct msg *m)
{
	int64_t res;

	(void)h;
	switch (m->w[0]) {
	case P_GROUPSET:
		memcpy((void *)m->r[1].base, fake_group_list, sizeof fake_group_list);
		return 4;
	case P_GETIDS:
		m->w[1] = fake_cred;
		return 0;
	case P_DEATHS_FILE:
		m->h[0] = fake_end();
		m->nh = 1;
		return 0;
	case P_WATCH:
		return 0;
	case P_DEATHS:
		res = fake_dead;
		fake_dead = 0;
		return res;
	}
	return -EIO;
}

struct start_block *srv_start(void)
{
	static struct start_block b;

	return &b;
}

int64_t srv_watch(struct srv *s, handle_t h, uint32_t events, uint32_t flags, void (*fn)(void *arg, uint32_t events),
		  void *arg)
{
	(void)s, (void)h, (void)events, (void)flags, (void)arg;
	deaths_fn = fn;
	return 1;
}

void fake_death(void)
{
	deaths_fn(NULL, EV_IN);
}

int64_t sys_handle_dup(handle_t h, handle_t min, uint32_t flags)
{
	(void)min, (void)flags;
	fake_get(h)->refs++;
	return h;
}

int64_t sys_file_flags(handle_t h, uint32_t mask, uint32_t flags)
{
	(void)h, (void)mask, (void)flags;
	return 0;
}

handle_t fake_end(void)
{
	handle_t h = put();

	obj[h]->file = true;
	obj[h]->f = (struct file_args){ .plane = PLANE_CHAN, .data = H_NONE };
	return h;
}

int64_t sys_write(handle_t h, const void *buf, uint64_t n)
{
	fake_get(h);
	CHECK(fake_nwritten + n <= sizeof fake_written);
	memcpy(fake_written + fake_nwritten, buf, n);
	fake_nwritten += n;
	return (int64_t)n;
}

int64_t sys_handle_close(handle_t h)
{
	fake_unref(fake_get(h));
	return 0;
}

int64_t sys_handle_info(handle_t h, struct handle_info *info)
{
	struct object *o = fake_get(h);

	*info = (struct handle_info){ .kind = o->file ? OBJ_FILE : OBJ_MEM, .koid = o->koid, .id = o->f.id,
				      .plane = o->f.plane };
	info->ready = o->file ? fake_hung_up ? EV_HUP : 0 : o->refs == 1 ? EV_HUP : 0;
	return 0;
}

int64_t sys_file_create(handle_t port, const struct file_args *args)
{
	handle_t h = put();

	(void)port;
	obj[h]->file = true;
	obj[h]->f = *args;
	if (args->data != H_NONE)
		fake_get(args->data)->refs++;
	return h;
}

int64_t sys_msg_read(uint64_t token, int range, uint64_t off, void *buf, uint64_t n)
{
	struct msg_range *r = &fake_now->r[range];

	CHECK(token == fake_now->token);
	if (off > r->len)
		return 0;
	n = n < r->len - off ? n : r->len - off;
	memcpy(buf, (char *)r->base + off, n);
	return (int64_t)n;
}

int64_t sys_msg_write(uint64_t token, int range, uint64_t off, const void *buf, uint64_t n)
{
	struct msg_range *r = &fake_now->r[range];

	CHECK(token == fake_now->token);
	if (off > r->len)
		return 0;
	n = n < r->len - off ? n : r->len - off;
	memcpy((char *)r->base + off, buf, n);
	return (int64_t)n;
}

/* Nothing is inherited here. */
int64_t sys_port_inherit(handle_t port, uint32_t flags, struct port_item *item)
{
	(void)port;
	(void)flags;
	(void)item;
	return 0;
}

int64_t sys_adopt(handle_t h, uint64_t id)
{
	(void)h;
	(void)id;
	return -EINVAL;
}

int64_t sys_mem_pager(handle_t port, uint64_t key, uint64_t size, uint64_t self0, uint64_t self1)
{
	handle_t h = put();

	(void)port;
	(void)self0;
	(void)self1;
	obj[h]->key = key;
	obj[h]->size = size;
	return h;
}

struct page *fake_page(struct object *o, uint64_t i)
{
	CHECK(i < MAXPAGE);
	if (!o->page[i])
		o->page[i] = calloc(1, sizeof **o->page);
	return o->page[i];
}

int64_t sys_mem_size(handle_t mem, int64_t size)
{
	struct object *o = fake_get(mem);

	CHECK(!o->file);
	if (size == MEM_LOOK && o->wrote) {
		o->wrote = o->kept = false;
		return (int64_t)o->size | MEM_WRITTEN;
	}
	if (size < 0)
		return (int64_t)o->size;
	for (uint64_t i = ((uint64_t)size + PAGE - 1) / PAGE; i < MAXPAGE; i++)
		if (o->page[i]) {
			o->credit += o->page[i]->dirty;
			o->page[i]->present = o->page[i]->dirty = false;
		}
	if (size % PAGE && (uint64_t)size < o->size && o->page[size / PAGE])
		memset(o->page[size / PAGE]->data + size % PAGE, 0, PAGE - size % PAGE);
	o->size = (uint64_t)size;
	return size;
}

int64_t sys_mem_grow(handle_t mem, uint64_t size)
{
	return size > fake_get(mem)->size ? sys_mem_size(mem, (int64_t)size) : 0;
}

int64_t sys_mem_cut(handle_t mem, uint64_t off, uint64_t n)
{
	struct object *o = fake_get(mem);

	CHECK(off % PAGE == 0 && n % PAGE == 0);
	for (uint64_t i = off / PAGE; i < (off + n) / PAGE && i < MAXPAGE; i++)
		if (o->page[i]) {
			o->credit += o->page[i]->dirty;
			o->page[i]->present = o->page[i]->dirty = false;
		}
	return 0;
}

int64_t sys_mem_patch(handle_t mem, uint64_t off, const void *buf, uint64_t n)
{
	struct object *o = fake_get(mem);

	for (uint64_t i = 0; i < n && (off + i) / PAGE < MAXPAGE; i++)
		if (o->page[(off + i) / PAGE] && o->page[(off + i) / PAGE]->present)
			o->page[(off + i) / PAGE]->data[(off + i) % PAGE] = buf ? ((const uint8_t *)buf)[i] : 0;
	return 0;
}

int64_t sys_mem_supply(handle_t mem, uint64_t off, const void *buf, uint64_t n)
{
	struct object *o = fake_get(mem);
	bool mark = n & MEM_MARK;

	n &= ~MEM_MARK;
	CHECK(off % PAGE == 0 && n % PAGE == 0);
	if (mark)
		o->mark = fake_page(o, off / PAGE);
	for (uint64_t i = 0; i < n / PAGE; i++) {
		struct page *p = fake_page(o, off / PAGE + i);

		if (!p->present)
			memcpy(p->data, (const char *)buf + i * PAGE, PAGE);
		p->present = true;
	}
	return 0;
}

int64_t sys_mem_fail(handle_t mem, uint64_t off, uint64_t n, int err)
{
	(void)off;
	(void)n;
	CHECK(err > 0);
	fake_get(mem)->fault = -err;
	return 0;
}

int64_t sys_mem_grant(handle_t mem, int64_t pages)
{
	struct object *o = fake_get(mem);

	if (pages >= 0) {
		o->credit += (uint64_t)pages;
		return 0;
	}
	pages = (uint64_t)-pages < o->credit ? -pages : (int64_t)o->credit;
	o->credit -= (uint64_t)pages;
	return pages;
}

int64_t sys_mem_dirty(handle_t mem, struct mem_run *runs, uint64_t max)
{
	struct object *o = fake_get(mem);
	uint64_t n = 0;

	for (uint64_t i = 0; i < MAXPAGE; i++) {
		if (!o->page[i] || !o->page[i]->dirty)
			continue;
		if (n && runs[n - 1].off + runs[n - 1].len == i * PAGE)
			runs[n - 1].len += PAGE;
		else if (n == max)
			break;
		else
			runs[n++] = (struct mem_run){ i * PAGE, PAGE };
	}
	return (int64_t)n;
}

int64_t sys_mem_take(handle_t mem, uint64_t off, void *buf, uint64_t n)
{
	struct object *o = fake_get(mem);
	uint64_t done = 0;

	for (; done < n; done += PAGE) {
		struct page *p = o->page[(off + done) / PAGE];

		if (!p || !p->dirty)
			break;
		memcpy((char *)buf + done, p->data, PAGE);
		p->dirty = false;
	}
	return (int64_t)done;
}

int64_t sys_mem_redirty(handle_t mem, uint64_t off, uint64_t n)
{
	for (uint64_t i = off / PAGE; i < (off + n) / PAGE; i++)
		fake_page(fake_get(mem), i)->dirty = true;
	return 0;
}

int64_t sys_mem_drop(handle_t mem, uint64_t off, uint64_t n)
{
	struct object *o = fake_get(mem);

	for (uint64_t i = off / PAGE; i < (off + n) / PAGE && i < MAXPAGE; i++)
		if (o->page[i] && !o->page[i]->dirty)
			o->page[i]->present = false;
	return 0;
}

int64_t sys_mem_changed(handle_t mem)
{
	CHECK(!fake_get(mem)->file);
	fake_get(mem)->kept = false;
	return 0;
}

/* Two objects to count references of; no data goes through. */
int64_t sys_pipe(handle_t h[2], uint32_t flags)
{
	(void)flags;
	for (int i = 0; i < 2; i++)
		h[i] = put();
	return 0;
}

int64_t sys_getrandom(void *buf, uint64_t n)
{
	return getrandom(buf, n, 0);
}

int64_t sys_reply(uint64_t token, struct msg *m)
{
	(void)token;
	(void)m;
	return -EIO;
}

int64_t sys_sleep(int64_t deadline)
{
	(void)deadline;
	return 0;
}

int64_t sys_vm_map(const struct vm_map *map)
{
	(void)map;
	return -EINVAL;
}

int64_t srv_lookup(const char *prefix, int wait)
{
	(void)prefix, (void)wait;
	return -ENOENT;
}

int64_t sys_sysinfo(struct sys_info *info)
{
	memset(info, 0, sizeof *info);
	return 0;
}

/* The message loop's part. */
void srv_give(struct srv_req *r, handle_t h)
{
	r->out[r->nout++] = h;
}

int64_t srv_get(const struct srv_req *r, void *buf, size_t n)
{
	return sys_msg_read(r->m.token, 0, 0, buf, n);
}

int64_t srv_put_last(struct srv_req *r, const void *buf, size_t n)
{
	return srv_put(r, buf, n);
}

void srv_answer(struct srv_req *r, int64_t res)
{
	r->m.w[0] = (uint64_t)res;
}

int64_t srv_put(struct srv_req *r, const void *buf, size_t n)
{
	return sys_msg_write(r->m.token, 1, 0, buf, n);
}

handle_t srv_take(struct srv_req *r, unsigned i)
{
	handle_t h = i < r->m.nh ? r->m.h[i] : H_NONE;

	if (h != H_NONE)
		r->m.h[i] = H_NONE;
	return h;
}

void srv_reply(uint64_t token, int64_t result)
{
	(void)token;
	fake_late = result;
	fake_lates++;
}

static struct srv_timer *timers[8];

void srv_timer_set(struct srv *s, struct srv_timer *t, int64_t deadline)
{
	int i = 0;

	(void)s;
	t->deadline = deadline;
	while (timers[i] && timers[i] != t)
		CHECK(++i < 8);
	timers[i] = t;
}

void fake_timers(void)
{
	for (int i = 0; i < 8 && timers[i]; i++) {
		if (!timers[i]->deadline)
			continue;
		timers[i]->deadline = 0;
		timers[i]->fn(timers[i]->arg);
	}
}

void srv_reply_full(uint64_t token, int64_t w0, uint64_t w1, uint64_t w2, handle_t out)
{
	(void)w1;
	(void)w2;
	fake_late_handle = out;
	srv_reply(token, w0);
}

int64_t srv_now(void)
{
	return 1;
}

handle_t srv_extra(const char *name)
{
	(void)name;
	return H_NONE;
}

int srv_init(struct srv *s)
{
	(void)s;
	return 0;
}

void srv_run(struct srv *s)
{
	(void)s;
}

int blk_find(const char *spec, char *name, size_t size)
{
	strlcpy(name, spec, size);
	return 0;
}

int64_t srv_device(const char *name, int wait)
{
	(void)name;
	(void)wait;
	return -ENOENT;
}

int64_t srv_register(const char *prefix, handle_t root)
{
	(void)prefix;
	(void)root;
	return 0;
}

void srv_log(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void srv_die(const char *fmt, ...)
{
	fprintf(stderr, "%s\n", fmt);
	exit(3);
}

void fake_evict(void)
{
	for (int h = 0; h < NHANDLE; h++)
		for (int i = 0; obj[h] && !obj[h]->file && i < MAXPAGE; i++)
			if (obj[h]->page[i] && !obj[h]->page[i]->dirty)
				obj[h]->page[i]->present = false;
}
