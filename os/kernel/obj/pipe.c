/* SPDX-License-Identifier: MIT */
/* SYS_pipe, SYS_pair and SYS_shutdown. */
#include "defs.h"
#include "obj/chan.h"
#include "obj/file.h"
#include "proc/proc.h"
#include "sys/sys.h"

/* A low handle for a file over `end`, whose reference is taken over. */
static handle_t pipe_handle(struct chan_end *end, uint32_t accmode, uint32_t flags)
{
	struct file *f = file_over(end, accmode, flags);

	if (!f) {
		chan_end_put(end);
		return -ENOMEM;
	}
	return handle_new(&f->obj, R_ALL, H_PUT_LOW | (flags & O_CLOEXEC ? H_CLOEXEC : 0));
}

static long pipe_make(uint64_t uh, uint32_t flags, bool two_way)
{
	struct handles *t = &current()->proc->handles;
	struct chan_end *end[2];
	handle_t h[2];
	int err = chan_pair(end, two_way, flags & PAIR_RECORDS);

	if (err)
		return err;
	h[0] = pipe_handle(end[0], two_way ? O_RDWR : O_RDONLY, flags);
	h[1] = pipe_handle(end[1], two_way ? O_RDWR : O_WRONLY, flags);
	if (h[0] >= 0 && h[1] >= 0) {
		err = copyout(uh, h, sizeof h);
		if (!err)
			return 0;
	} else {
		err = h[0] < 0 ? h[0] : h[1];
	}
	for (int i = 0; i < 2; i++)
		if (h[i] >= 0)
			handle_close(t, h[i]);
	return err;
}

long sys_pipe(long uh, long flags)
{
	if (flags & ~(long)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	return pipe_make((uint64_t)uh, (uint32_t)flags, false);
}

long sys_pair(long uh, long flags)
{
	if (flags & ~(long)(O_CLOEXEC | O_NONBLOCK | PAIR_RECORDS))
		return -EINVAL;
	return pipe_make((uint64_t)uh, (uint32_t)flags, true);
}

long sys_shutdown(long h, long how)
{
	struct file *f;
	int err = file_get((handle_t)h, 0, &f);

	if (err)
		return err;
	if (how < 0 || how > 2)
		err = -EINVAL;
	else if (!f->end || !f->end->rx || !f->end->tx)
		err = -ENOTSOCK;
	else if (!file_end(f))
		err = -ENOTCONN;
	else
		chan_shutdown(f->end, how != 1, how != 0);
	obj_put(&f->obj);
	return err;
}
