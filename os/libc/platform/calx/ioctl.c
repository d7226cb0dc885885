/* SPDX-License-Identifier: MIT */
/* ioctl.c: ioctl, whose argument sizes are known here and not by the servers; terminals' names. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include "calx.h"
#include "copy.h"
#include "ioctl_net.h"

/* Sizes of what the argument points to; VALUE: it is a number itself. */
#define VALUE 0xffff
static const struct request { unsigned req; unsigned short in, out; } requests[] = {
	{ TCGETS, 0, sizeof(struct termios) },
	{ TCSETS, sizeof(struct termios), 0 },
	{ TCSETSW, sizeof(struct termios), 0 },
	{ TCSETSF, sizeof(struct termios), 0 },
	{ TCSBRK, VALUE, 0 },
	{ 0x5425, VALUE, 0 },	/* TCSBRKP */
	{ TCXONC, VALUE, 0 },
	{ TCFLSH, VALUE, 0 },
	{ TIOCSCTTY, VALUE, 0 },
	{ TIOCNOTTY, VALUE, 0 },
	{ TIOCEXCL, VALUE, 0 },
	{ TIOCNXCL, VALUE, 0 },
	{ TIOCSBRK, VALUE, 0 },
	{ TIOCCBRK, VALUE, 0 },
	{ TIOCGPGRP, 0, sizeof(int) },
	{ TIOCSPGRP, sizeof(int), 0 },
	{ TIOCGSID, 0, sizeof(int) },
	{ TIOCOUTQ, 0, sizeof(int) },
	{ TIOCSTI, 1, 0 },
	{ TIOCGWINSZ, 0, sizeof(struct winsize) },
	{ TIOCSWINSZ, sizeof(struct winsize), 0 },
	{ TIOCMGET, 0, sizeof(int) },
	{ TIOCMSET, sizeof(int), 0 },
	{ TIOCPKT, sizeof(int), 0 },
	{ FIONREAD, 0, sizeof(int) },
	{ TIOCGPTN, 0, sizeof(int) },
	{ TIOCSPTLCK, sizeof(int), 0 },
};

/* Requests made with _IOC carry direction and size. */
static struct request decode(unsigned req)
{
	struct request r = { .req = req };
	unsigned size = req >> 16 & 0x3fff;

	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
		if (requests[i].req == req)
			return requests[i];
	if (req >> 30 & 1)
		r.in = size;
	if (req >> 30 & 2)
		r.out = size;
	if (!(req >> 30))
		r.in = VALUE;
	return r;
}

static int set_nonblock(int fd, int on)
{
	long r = sys(SYS_file_flags, fd, O_NONBLOCK, on ? O_NONBLOCK : 0);

	return r < 0 ? r : 0;
}

static int set_cloexec(int fd, int on)
{
	long r = sys(SYS_handle_flags, fd, H_CLOEXEC, on ? H_CLOEXEC : 0);

	return r < 0 ? r : 0;
}

/* For pipes and pairs, which no server has. */
static int object_ioctl(int fd, unsigned req, void *arg, int err)
{
	struct handle_info hi;

	if (sys(SYS_handle_info, fd, &hi) < 0)
		return -EBADF;
	if (req == FIONREAD && hi.kind == OBJ_FILE && hi.plane == PLANE_CHAN) {
		*(int *)arg = hi.size;
		return 0;
	}
	return err == -ENOSYS || hi.kind != OBJ_FILE ? -ENOTTY : err;
}

int plat_ioctl(int fd, unsigned long request, void *arg)
{
	struct request r = decode(request);
	struct msg m = { .w = { F_IOCTL, (unsigned)request, (uint64_t)arg } };
	long ret;

	if (fd < 0)
		return -EBADF;
	switch ((unsigned)request) {
	case FIONBIO: return set_nonblock(fd, *(int *)arg);
	case FIOCLEX: return set_cloexec(fd, 1);
	case FIONCLEX: return set_cloexec(fd, 0);
	case FICLONE:
	case FICLONERANGE: return __copy_ioctl(fd, request, arg);
	}
	if (IS_IOCTL_NET(request))
		return __ioctl_net(request, arg);
	if (r.in && r.in != VALUE)
		m.r[0] = (struct msg_range){ (uint64_t)arg, r.in };
	if (r.out)
		m.r[1] = (struct msg_range){ (uint64_t)arg, r.out };
	ret = __calx_call_cp(fd, &m);
	return ret == -ENOTTY || ret == -ENOSYS || ret == -EINVAL ? object_ioctl(fd, request, arg, ret) : ret;
}

int plat_ttyname(int fd, char *buf, size_t len)
{
	struct msg m = { .w = { F_PATH }, .r[1] = { (uint64_t)buf, len - 1 } };
	long n = len ? __calx_call(fd, &m) : -ERANGE;

	if (n < 0)
		return n;
	if ((size_t)n >= len)
		return -ERANGE;
	buf[n] = 0;
	return 0;
}

int plat_ptmx(int flags, unsigned *num)
{
	int fd = plat_openat(AT_FDCWD, "/dev/ptmx", flags | O_NOCTTY, 0);
	int err = fd < 0 ? fd : plat_ioctl(fd, TIOCGPTN, num);

	if (fd >= 0 && err < 0)
		plat_close(fd);
	return err < 0 ? err : fd;
}
