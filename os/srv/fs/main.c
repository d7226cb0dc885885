/* SPDX-License-Identifier: MIT */
/* fs: serves one calxfs, from a block device or in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fsd.h"

struct fsd fsd;

static int64_t op_path(struct srv_req *r, struct ofile *of)
{
	char buf[PATH_SIZE];
	int n = walk_path(of->ip, of->dir, buf, sizeof buf);

	return n < 0 ? n : srv_put(r, buf, (size_t)n);
}

static int64_t (*const ops[])(struct srv_req *r, struct ofile *of) = {
	[F_OPEN] = op_open, [F_STAT] = op_stat, [F_SETATTR] = op_setattr, [F_MKDIR] = op_mkdir,
	[F_UNLINK] = op_unlink, [F_RENAME] = op_rename, [F_LINK] = op_link, [F_SYMLINK] = op_symlink,
	[F_READLINK] = op_readlink, [F_MKNOD] = op_mknod, [F_READDIR] = op_readdir, [F_ACCESS] = op_access,
	[F_SYNC] = op_sync, [F_STATFS] = op_statfs, [F_READ] = op_read, [F_WRITE] = op_write,
	[F_IOCTL] = op_ioctl, [F_RECLOCK] = op_reclock, [F_FLOCK] = op_flock, [F_PATH] = op_path,
	[F_ALLOCATE] = op_allocate, [F_CLONE] = op_clone, [F_BIND] = op_bind,
	[F_CONNECT] = op_connect, [F_CONFINE] = op_confine, [F_WATCH] = op_watch, [F_UNWATCH] = op_unwatch,
	[F_GETXATTR] = op_getxattr, [F_SETXATTR] = op_setxattr, [F_LISTXATTR] = op_listxattr,
	[F_REMOVEXATTR] = op_removexattr, [F_SOURCE] = op_source, [F_COPY] = op_copy, [F_SEEK] = op_seek,
	[F_ADVISE] = op_advise,
};

/* Operations that begin by looking only, and give up when a node is missing. The others wait for the disk. */
int64_t fs_try(struct srv_req *r, bool nowait)
{
	struct ofile *of = (struct ofile *)r->m.id;
	uint64_t cred = r->m.cred;
	uint32_t groups = r->m.groups;
	int64_t res;

	fsd.nowait = nowait;
	fsd.cage = of->cage;
	fsd.level = of->level;
	res = ops[r->m.w[0]](r, of);
	fsd.nowait = false;
	fsd.cage = NULL;
	if (res == -CFS_WAIT) {		/* it may have acted for another (act_for) */
		r->m.cred = cred;
		r->m.groups = groups;
	}
	return res;
}

int64_t fs_call(struct srv *s, struct srv_req *r)
{
	uint64_t op = r->m.w[0];
	int64_t res;

	(void)s;
	time_passes();
	if (r->m.id == JOBS_ID)
		return jobs_message(r);
	if (!r->m.id)
		return -EIO;	/* opened at a server before, and not there any more */
	if (op >= sizeof ops / sizeof ops[0] || !ops[op])
		return -ENOSYS;
	res = fs_try(r, true);
	return res == -CFS_WAIT ? park(r) : res;
}

void fs_close(struct srv *s, uint64_t id)
{
	(void)s;
	time_passes();
	if (id && !park_closing((struct ofile *)id))
		ofile_close((struct ofile *)id);
}

static void fs_cancel(struct srv *s, uint64_t token)
{
	(void)s;
	locks_cancel(token);
	fifo_cancel(token);
}

static uint64_t parse_size(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);
	int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;

	if (end == text || (*end && (!shift || end[1])) || n << shift >> shift != n)
		srv_die("%s: not a size", text);
	return n << shift;
}

/* Half of the memory at most: what lies in files cannot be given back. */
static uint64_t ram_limit(uint64_t size)
{
	struct sys_info si;
	uint64_t most = sys_sysinfo(&si) < 0 ? size : si.mem_total / 2 / PAGE * PAGE;

	return size < most ? size : most;
}

static const char *key_file;

static void options(int argc, char **argv, struct cfs_io *io)
{
	const char *device = "root";
	uint64_t ram = 0;
	int c, err;

	strcpy(fsd.prefix, "/");
	while ((c = getopt(argc, argv, "d:k:m:p:r")) != -1) {
		if (c == 'd')
			device = optarg;
		else if (c == 'k')
			key_file = optarg;
		else if (c == 'm')
			ram = ram_limit(parse_size(optarg));
		else if (c == 'r')
			fsd.readonly = true;
		else if (c != 'p' || *optarg != '/' || strlcpy(fsd.prefix, optarg, sizeof fsd.prefix) >= sizeof fsd.prefix)
			srv_die("usage: fs [-r] [-k file] [-p prefix] [-d device | -m size[K|M|G]]");
	}
	fsd.ram = ram;
	err = ram ? dev_memory(io, ram) : dev_block(io, device, &fsd.readonly);
	if (err)
		srv_die("%s: error %d", ram ? "memory" : device, -err);
}

/* A number for st_dev that differs between prefixes and is never 0. */
static uint64_t device_number(const char *prefix)
{
	return prefix[1] ? 0x100 | (cfs_xxh64(prefix, strlen(prefix), 0) & 0xff) : 0x800;
}

static void setup(int argc, char **argv)
{
	struct cfs_mount_opt opt = { .cache_nodes = 512 };
	struct sys_info si;
	struct cfs_io io;
	int err;

	time_passes();
	options(argc, argv, &io);
	fsd.srv.port = srv_extra("port");
	if (fsd.srv.port != H_NONE)
		opt.flags |= CFS_ORPHANS;
	if (fsd.readonly)
		opt.flags |= CFS_RDONLY;
	io.changed = fnode_changed;
	err = cfs_mount(&io, &opt, &fsd.fs);
	if (err == -ENOKEY) {
		err = unlock(&io, key_file, &opt.crypt);
		if (!err)
			err = cfs_mount(&io, &opt, &fsd.fs);
	}
	if (err == -ENOTSUP)
		srv_die("%s: encrypted, which this server does not know", fsd.prefix);
	if (err)
		srv_die("%s: cannot mount: error %d", fsd.prefix, -err);
	fsd.limit = sys_sysinfo(&si) < 0 ? 4096 : si.mem_total / PAGE / 8;
	fsd.dev = device_number(fsd.prefix);
	fsd.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	fsd.buf = mmap(NULL, BUF_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fsd.buf == MAP_FAILED)
		srv_die("out of memory");
}

int main(int argc, char **argv)
{
	int64_t root;
	int err;

	setup(argc, argv);
	fsd.srv.call = fs_call;
	fsd.srv.close = fs_close;
	fsd.srv.cancel = fs_cancel;
	fsd.srv.page = page_message;
	err = srv_init(&fsd.srv);
	if (err)
		srv_die("port: error %d", -err);
	root = revive();
	/* What was bound before the port was inherited says nothing any more. */
	if (srv_watch(&fsd.srv, fsd.timer, EV_IN, BIND_EDGE, fs_tick, NULL) < 0)
		srv_die("no timer");
	if (root < 0)
		root = make_root();
	jobs_start(fsd.ram ? 0 : WORKERS);
	if (root < 0)
		srv_die("root: error %d", (int)-root);
	err = (int)srv_register(fsd.prefix, (handle_t)root);
	if (err)
		srv_die("cannot register %s: error %d", fsd.prefix, -err);
	srv_run(&fsd.srv);
	return 0;
}
