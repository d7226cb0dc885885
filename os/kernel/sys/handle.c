/* SPDX-License-Identifier: MIT */
/* The system calls of handles. */
#include "defs.h"
#include "obj/chan.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sys/sys.h"

static struct handles *mine(void)
{
	return &current()->proc->handles;
}

long sys_handle_close(long h)
{
	return handle_close(mine(), (handle_t)h);
}

/* A counted copy for dup: -EBADF, -EACCES. */
static int copy_dup(long h, struct href *r, long flags)
{
	int err = handle_copy(mine(), (handle_t)h, r);

	if (err)
		return err;
	if (!(r->rights & R_DUP)) {
		href_drop(r);
		return -EACCES;
	}
	r->flags = (r->flags & ~H_CLOEXEC) | (flags & H_CLOEXEC);
	return 0;
}

long sys_handle_dup(long h, long min, long flags)
{
	struct href r;

	if (min < 0 || min >= H_MAX || (min < H_HIGH && min >= mine()->low_max))
		return -EINVAL;
	int err = copy_dup(h, &r, flags);
	if (err)
		return err;
	handle_t n = handle_put(mine(), &r, (handle_t)min);
	if (n < 0)
		href_drop(&r);
	return n;
}

long sys_handle_dup2(long h, long to, long flags)
{
	struct href r;

	if (to < 0 || to >= H_MAX || (to < H_HIGH && to >= mine()->low_max))
		return -EBADF;
	int err = copy_dup(h, &r, flags);
	if (err)
		return err;
	if (h == to)
		href_drop(&r);
	else if ((err = handle_put_at(mine(), &r, (handle_t)to)) != 0)
		href_drop(&r);
	return err ? err : to;
}

long sys_handle_flags(long h, long mask, long flags)
{
	return handle_set_flags(mine(), (handle_t)h, (uint32_t)mask, (uint32_t)flags);
}

long sys_handle_next(long from)
{
	if (from < 0 || from >= H_MAX)
		return -EBADF;
	return handle_next(mine(), (handle_t)from);
}

long sys_handle_restrict(long h, long rights)
{
	struct href r;
	int err = copy_dup(h, &r, 0);

	if (err)
		return err;
	/* A right that counts may go: count anew under the new rights. */
	struct href less = r;
	less.rights &= (uint32_t)rights;
	href_get(&less);
	href_drop(&r);
	handle_t n = handle_put(mine(), &less, H_HIGH);
	if (n < 0)
		href_drop(&less);
	return n;
}

static void info_file(struct file *f, struct handle_info *info)
{
	info->fflags = f->fflags;
	info->id = f->id;
	info->plane = f->plane == PLANE_CHAN && !file_end(f) ? PLANE_NONE : f->plane;
	if (f->mem)
		info->size = mem_size(f->mem);
	else if (f->end)
		info->size = chan_readable(f->end);
	if (f->end && f->end->rx && f->end->tx)
		info->chan = CHAN_TWO_WAY | (f->end->rx->records ? CHAN_RECORDS : 0);
	if (f->end) {
		const struct chan *c = f->end->rx ? f->end->rx : f->end->tx;
		info->peer_pid = c->maker_pid;
		info->peer_cred = c->maker_cred;
	}
}

long sys_handle_info(long h, long uinfo)
{
	struct handle_info info = { 0 };
	struct href r;
	int err = handle_ref((handle_t)h, &r);

	if (err)
		return err;
	info.kind = obj_kind(r.obj);
	info.rights = r.rights;
	info.flags = r.flags & H_CLOEXEC;
	info.koid = r.obj->koid;
	info.ready = obj_ready(r.obj);
	if (info.kind == OBJ_FILE)
		info_file(container_of(r.obj, struct file, obj), &info);
	else if (info.kind == OBJ_MEM)
		info.size = mem_size(container_of(r.obj, struct mem, obj));
	else if (info.kind == OBJ_PROC)
		info.id = container_of(r.obj, struct proc, obj)->pid;
	obj_put(r.obj);
	return copyout((uint64_t)uinfo, &info, sizeof info);
}
