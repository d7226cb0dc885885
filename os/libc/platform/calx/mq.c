/* SPDX-License-Identifier: MIT */
/* mq.c: message queues of POSIX: files of ipcd. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <time.h>
#include "ipc.h"

long __ipc_call(struct msg *m)
{
	struct msg first = *m;
	int slot;
	long r = -EIO;

	for (int try = 0; try < 2; try++) {
		handle_t root = __path_server("/dev/mqueue", &slot);
		if (root < 0)
			return -ENOSYS;
		*m = first;
		r = sys_cp(SYS_call, root, m);
		if (r != -EDEADSERVER || __mount_renew(slot))
			break;
	}
	return r == -EDEADSERVER ? -EIO : r;
}

int plat_mq_open(const char *name, int flags, unsigned mode, const struct mq_attr *attr)
{
	struct msg m = { .w = { Q_OPEN, (unsigned)flags, mode & ~__calx.umask }, .r[0] = { (uint64_t)name, strlen(name) },
		.hflags = H_PUT_LOW | H_CLOEXEC };
	long r;

	if (attr && (attr->mq_maxmsg <= 0 || attr->mq_msgsize <= 0)) {
		m.w[3] = -1ull;		/* matters only when the queue is made */
		m.w[4] = -1ull;
	} else if (attr) {
		m.w[3] = attr->mq_maxmsg;
		m.w[4] = attr->mq_msgsize;
	}
	r = __ipc_call(&m);
	if (r < 0)
		return r;
	return m.nh ? m.h[0] : -EIO;
}

int plat_mq_unlink(const char *name)
{
	struct msg m = { .w = { Q_UNLINK }, .r[0] = { (uint64_t)name, strlen(name) } };
	long r = __ipc_call(&m);

	return r < 0 ? r : 0;
}

static uint64_t deadline_of(const struct timespec *abs)
{
	int64_t at;

	if (!abs)
		return T_FOREVER;
	if (abs->tv_sec < 0 || (unsigned long)abs->tv_nsec >= 1000000000)
		return BAD_TIME;
	at = __calx_deadline_abs(CLOCK_REALTIME, abs);
	return at > 0 ? at : 1;		/* 0 would mean not to wait at all */
}

/* What is no queue has no such operation. */
static long queue_call(int q, struct msg *m)
{
	long r = q < 0 ? -EBADF : __calx_call_cp(q, m);

	return r == -ENOSYS || r == -ENOTTY ? -EBADF : r;
}

int plat_mq_timedsend(int q, const char *text, size_t len, unsigned prio, const struct timespec *deadline)
{
	struct msg m = { .w = { Q_SEND, prio, deadline_of(deadline) }, .r[0] = { (uint64_t)text, len } };
	long r = queue_call(q, &m);

	return r < 0 ? r : 0;
}

long plat_mq_timedreceive(int q, char *text, size_t len, unsigned *prio, const struct timespec *deadline)
{
	struct msg m = { .w = { Q_RECV, 0, deadline_of(deadline) }, .r[1] = { (uint64_t)text, len } };
	long r = queue_call(q, &m);

	if (r >= 0 && prio)
		*prio = m.w[1];
	return r;
}

int plat_mq_getsetattr(int q, const struct mq_attr *new, struct mq_attr *old)
{
	struct msg m = { .w = { Q_ATTR } };
	long r = queue_call(q, &m), flags;

	if (r < 0)
		return r;
	flags = sys(SYS_file_flags, q, new ? O_NONBLOCK : 0, new ? new->mq_flags & O_NONBLOCK : 0);
	if (flags < 0)
		return flags;
	if (old)
		*old = (struct mq_attr){ .mq_flags = flags & O_NONBLOCK, .mq_maxmsg = m.w[1], .mq_msgsize = m.w[2],
			.mq_curmsgs = m.w[3] };
	return 0;
}

int plat_mq_notify(int q, const struct sigevent *ev, int pipe)
{
	struct msg m = { .w = { Q_NOTIFY, NOTIFY_OFF } };
	long r;

	if (pipe >= 0) {
		m.w[1] = NOTIFY_PIPE;
		m.h[0] = pipe;
		m.nh = 1;
	} else if (ev && ev->sigev_notify == SIGEV_SIGNAL) {
		m.w[1] = NOTIFY_SIGNAL;
		m.w[2] = ev->sigev_signo;
		m.w[3] = (uint64_t)ev->sigev_value.sival_ptr;
	} else if (ev && ev->sigev_notify == SIGEV_NONE) {
		m.w[1] = NOTIFY_QUIET;
	} else if (ev) {
		return -EINVAL;
	}
	r = queue_call(q, &m);
	return r < 0 ? r : 0;
}
