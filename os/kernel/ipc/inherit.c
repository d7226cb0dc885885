/* SPDX-License-Identifier: MIT */
/* SYS_port_inherit and SYS_adopt: a server that was started again finds what the old one had made. */
#include "defs.h"
#include "ipc/port.h"
#include "mm/mem.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sys/sys.h"

static void begin(struct port *p)
{
	spin_lock(&p->lock);
	p->epoch++;
	list_for(n, &p->files)
		__atomic_store_n(&list_entry(n, struct file, port_node)->id, 0, __ATOMIC_RELAXED);
	spin_unlock(&p->lock);
	mem_inherit_begin(p);
}

/* A file that somebody holds and the new server was not told of yet, referenced; NULL: none. */
static struct file *next_file(struct port *p)
{
	struct file *found = NULL;

	spin_lock(&p->lock);
	for (struct list *n = p->files.next, *next; n != &p->files && !found; n = next) {
		struct file *f = list_entry(n, struct file, port_node);

		next = n->next;
		if (f->epoch == p->epoch)
			continue;
		f->epoch = p->epoch;
		/* Behind the others: those in front are always the ones to come. */
		list_del(n);
		list_add_tail(&p->files, n);
		if (!f->refused && (atomic_load(&f->obj.handles) || f->close.queued) && obj_tryget(&f->obj))
			found = f;
	}
	spin_unlock(&p->lock);
	return found;
}

static struct obj *next_object(struct port *p, struct port_item *it, struct href *r)
{
	struct mem *m = mem_inherit_next(p);
	struct file *f = m ? NULL : next_file(p);

	*it = (struct port_item){ .kind = m ? OBJ_MEM : OBJ_FILE };
	if (m) {
		it->size = mem_size(m);
		memcpy(it->self, m->self, sizeof m->self);
		*r = (struct href){ &m->obj, R_READ | R_WRITE | R_EXEC | R_CONTROL | R_DUP, 0 };
	} else if (f) {
		memcpy(it->self, f->self, sizeof f->self);
		it->mem = f->mem ? f->mem->obj.koid : 0;
		*r = (struct href){ &f->obj, R_ALL, HREF_OWNER };
	} else {
		return NULL;
	}
	it->koid = r->obj->koid;
	return r->obj;
}

long sys_port_inherit(long h, long flags, long uitem)
{
	struct port_item it;
	struct href r;
	struct obj *po;
	int err = flags & ~(long)INHERIT_BEGIN ? -EINVAL : handle_object((handle_t)h, OBJ_PORT, R_RECV, &po);

	if (err)
		return err;
	struct port *p = container_of(po, struct port, obj);
	current()->proc->has_port = true;
	if (flags & INHERIT_BEGIN)
		begin(p);
	struct obj *o = next_object(p, &it, &r);
	obj_put(po);
	if (!o)
		return 0;
	if (obj_kind(o) == OBJ_MEM) {
		it.h = handle_new(o, r.rights, 0);
		err = it.h;
	} else if ((it.h = handle_place(&current()->proc->handles, r, 0)) < 0) {
		err = it.h;
		obj_put(o);
	}
	if (err < 0)
		return err;
	err = copyout((uint64_t)uitem, &it, sizeof it);
	if (err)
		handle_close(&current()->proc->handles, it.h);
	return err ? err : 1;
}

static void adopt_file(struct file *f, uint64_t id)
{
	f->refused = id == 0;
	__atomic_store_n(&f->id, id, __ATOMIC_RELAXED);
}

long sys_adopt(long h, long id)
{
	struct href r;
	long n = 0, err = handle_ref((handle_t)h, &r);

	if (err)
		return err;
	if (obj_kind(r.obj) == OBJ_FILE && (r.flags & HREF_OWNER))
		adopt_file(container_of(r.obj, struct file, obj), (uint64_t)id);
	else if (obj_kind(r.obj) == OBJ_MEM && (r.rights & R_CONTROL) && container_of(r.obj, struct mem, obj)->kind == MEM_PAGER)
		n = (long)mem_adopt(container_of(r.obj, struct mem, obj), (uint64_t)id);
	else
		n = -EINVAL;
	obj_put(r.obj);
	return n;
}
