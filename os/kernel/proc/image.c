/* SPDX-License-Identifier: MIT */
/*
 * SYS_reply_exec: a server executes a program in its client. The answer to the client's call carries
 * an image: an address space with its pages, the handles and the credentials. The client's thread
 * unpacks it on its way out of SYS_call; an answer that does not get there drops all of it.
 */
#include "defs.h"
#include "ipc/call.h"
#include "obj/file.h"
#include "proc/image.h"
#include "proc/proc.h"
#include "sig/signo.h"
#include "sys/sys.h"

#define IMAGE_HANDLES	64

struct image {
	struct obj obj;
	struct vm *vm;			/* taken, referenced; NULL: given away */
	struct new_pages pages;		/* mapped in vm */
	struct exec_args args;
	uint32_t nhandles;
	struct { struct href r; handle_t to; } h[IMAGE_HANDLES];	/* counted */
};

static void image_destroy(struct obj *o)
{
	struct image *im = container_of(o, struct image, obj);

	for (uint32_t i = 0; i < im->nhandles; i++)
		href_drop(&im->h[i].r);
	pages_put(&im->pages);
	if (im->vm)
		obj_put(&im->vm->obj);
	kfree(im);
}

static const struct obj_type image_type = {
	.kind = OBJ_NONE, .name = "image", .destroy = image_destroy,
};

bool obj_is_image(const struct obj *o)
{
	return o->type == &image_type;
}

/* Counted copies of the caller's handles that args names. */
static int image_handles(struct image *im)
{
	struct proc_handle ph[IMAGE_HANDLES];
	uint32_t n = im->args.nhandles;
	int err = copyin(ph, im->args.handles, n * sizeof(*ph));

	for (uint32_t i = 0; i < n && !err; i++) {
		struct href *r = &im->h[i].r;

		err = handle_copy(&current()->proc->handles, ph[i].from, r);
		if (err)
			break;
		im->nhandles++;
		if (!(r->rights & R_DUP))
			err = -EACCES;
		file_export(r);
		r->flags = (r->flags & ~(uint32_t)H_CLOEXEC) | (ph[i].flags & H_CLOEXEC);
		im->h[i].to = ph[i].to;
	}
	return err;
}

static int image_vm(struct image *im)
{
	struct obj *o;
	int err = handle_object(im->args.vm, OBJ_VM, R_CONTROL, &o);

	if (err)
		return err;
	if (!vm_take(container_of(o, struct vm, obj))) {
		obj_put(o);
		return -EBUSY;
	}
	im->vm = container_of(o, struct vm, obj);
	return pages_map(im->vm, &im->pages);
}

/* An image as the caller's arguments say. 0 and *out, referenced once; or -errno. */
static int image_create(uint64_t uargs, struct image **out)
{
	struct image *im = kzalloc(sizeof(*im));
	int err;

	if (!im)
		return -ENOMEM;
	obj_init(&im->obj, &image_type);
	err = copyin(&im->args, uargs, sizeof(im->args));
	if (!err && (im->args.nhandles > IMAGE_HANDLES || (im->args.flags & ~EXEC_SECURE) ||
			!start_ok(im->args.entry, im->args.sp)))
		err = -EINVAL;
	im->args.name[sizeof(im->args.name) - 1] = '\0';
	if (!err)
		err = image_handles(im);
	if (!err)
		err = image_vm(im);
	if (err)
		obj_put(&im->obj);
	else
		*out = im;
	return err;
}

long sys_reply_exec(long token, long uargs)
{
	/* Whoever called for something else than to be replaced sees an error. */
	static const uint64_t words[MSG_WORDS] = { (uint64_t)-ENOEXEC };
	struct image *im;
	int err;

	if (CRED_UID(atomic_load(&current()->proc->cred)) != 0)
		return -EPERM;
	err = image_create((uint64_t)uargs, &im);
	if (err)
		return err;
	struct href h = { &im->obj, 0, 0 };
	struct call *c = call_lock_token((uint64_t)token);
	struct thread *t = NULL;
	href_get(&h);
	if (c)
		t = call_answer(c, words, &h, 1);
	obj_put(&im->obj);
	if (!t) {
		href_drop(&h);
		return -ESRCH;
	}
	handle_close(&current()->proc->handles, im->args.vm);
	thread_wake(t);
	obj_put(&t->obj);
	return 0;
}

/* The client's handles: low ones as exec leaves them, high ones only those of the image. */
static int place_handles(struct image *im, struct handles *t)
{
	int err = 0;

	handles_exec(t);
	handles_clear_high(t);
	while (im->nhandles > 0 && !err) {
		im->nhandles--;
		err = handle_put_at(t, &im->h[im->nhandles].r, im->h[im->nhandles].to);
		if (err)
			href_drop(&im->h[im->nhandles].r);
	}
	return err;
}

static void image_commit(struct image *im)
{
	struct proc *p = current()->proc;
	struct vm *vm = im->vm;

	im->vm = NULL;
	atomic_store(&p->cred, im->args.cred);
	p->exec_flags = im->args.flags;
	memcpy(p->name, im->args.name, sizeof(p->name));
	exec_commit(vm, &im->pages);
	im->pages = (struct new_pages){ 0 };
	exec_registers(im->args.entry, im->args.sp);
	proc_executed(p);
	if (place_handles(im, &p->handles))
		proc_kill(p, SIGKILL);
	debug_executed();
}

int64_t image_exec(struct href *h)
{
	struct image *im = container_of(h->obj, struct image, obj);
	int err = current()->proc->sealed ? -EPERM : proc_alone();

	if (!err)
		image_commit(im);
	href_drop(h);
	return err;
}
