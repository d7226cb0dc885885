/* SPDX-License-Identifier: MIT */
/*
 * inotify.c: watching files. An instance is a pair that keeps records: the program reads one end, and
 * the other goes with each watch to the file's server, which writes an event a record.
 */
#include <fcntl.h>
#include <sys/inotify.h>
#include "calx.h"

#define INSTANCES 32

/* Ends for the servers by the koid of the program's end, 0: free. Under __calx_lock. */
static struct { uint64_t koid; handle_t server; } inst[INSTANCES];

static uint64_t koid_of(int fd)
{
	struct handle_info hi;

	return fd >= 0 && fd < H_HIGH && sys(SYS_handle_info, fd, &hi) >= 0 ? hi.koid : 0;
}

/* Those that nobody can read any more are given up. */
static void sweep(void)
{
	struct handle_info hi;

	for (int i = 0; i < INSTANCES; i++)
		if (inst[i].koid && (sys(SYS_handle_info, inst[i].server, &hi) < 0 || hi.ready & EV_HUP)) {
			sys(SYS_handle_close, inst[i].server);
			inst[i].koid = 0;
		}
}

static int remember(int fd, handle_t server)
{
	int err = -EMFILE;

	__calx_lock();
	sweep();
	for (int i = 0; i < INSTANCES && err; i++)
		if (!inst[i].koid) {
			inst[i].koid = koid_of(fd);
			inst[i].server = server;
			err = 0;
		}
	__calx_unlock();
	return err;
}

static handle_t server_end(int fd)
{
	uint64_t koid = koid_of(fd);
	handle_t h = H_NONE;

	__calx_lock();
	for (int i = 0; i < INSTANCES && koid; i++)
		if (inst[i].koid == koid)
			h = inst[i].server;
	__calx_unlock();
	return h;
}

int plat_inotify_init(int flags)
{
	int fds[2];
	long err, high;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	err = sys(SYS_pair, fds, PAIR_RECORDS | flags);
	if (err < 0)
		return err;
	high = sys(SYS_handle_dup, fds[1], H_HIGH, H_CLOEXEC);
	sys(SYS_handle_close, fds[1]);
	err = high < 0 ? high : remember(fds[0], high);
	if (!err)
		return fds[0];
	sys(SYS_handle_close, fds[0]);
	if (high >= 0)
		sys(SYS_handle_close, high);
	return err;
}

int plat_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
	struct msg m = { .w = { F_WATCH, mask }, .nh = 1 };

	if (!(mask & IN_ALL_EVENTS))
		return -EINVAL;
	m.h[0] = server_end(fd);
	if (m.h[0] == H_NONE)
		return koid_of(fd) ? -EINVAL : -EBADF;
	return __path_call(AT_FDCWD, path, 0, &m, 0);
}

/* The file server knows the watch by its number and end. */
int plat_inotify_rm_watch(int fd, int wd)
{
	handle_t end = server_end(fd);
	long r = -EINVAL;
	int slot;

	if (end == H_NONE)
		return koid_of(fd) ? -EINVAL : -EBADF;
	/* Numbers of different file servers differ: the one that knows it takes it. */
	for (int i = 0; i < __calx.nmounts && r < 0; i++) {
		handle_t root = __path_server(__calx.mounts[i].prefix, &slot);
		struct msg m = { .w = { F_UNWATCH, wd }, .h = { end }, .nh = 1 };

		if (root >= 0)
			r = __calx_call(root, &m);
	}
	return r < 0 ? -EINVAL : 0;
}
