/* SPDX-License-Identifier: MIT */
/* procfs: the tree of /proc: paths, opens, links, lists. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "procfs.h"

#define PREFIX	"/proc"
#define PID_MAX	0x7fffffu
#define MAX_TEXT 65536

/* What a client's handle names; its address is the id. */
struct node {
	enum file file;
	uint32_t pid;
	handle_t h;		/* owner's */
};

static struct node root = { .file = ROOT, .h = H_NONE };

static const char *const names[NFILE] = {
	[ROOT] = "", [MEMINFO] = "meminfo", [CPUINFO] = "cpuinfo", [UPTIME] = "uptime", [VERSION] = "version",
	[LOADAVG] = "loadavg", [MOUNTS] = "mounts", [FILESYSTEMS] = "filesystems",
	[KERNEL] = "kernel", [SELF] = "self", [PDIR] = "",
	[CMDLINE] = "cmdline", [COMM] = "comm", [STAT] = "stat", [STATM] = "statm", [STATUS] = "status", [EXE] = "exe",
	[MAPS] = "maps",
};

static struct srv srv;
static char text[MAX_TEXT];

struct place {
	enum file file;
	uint32_t pid;
	const char *rest;	/* behind a link that is not the last component */
};

static int by_name(enum file from, enum file to, const char *name, size_t n)
{
	for (enum file f = from; f < to; f++)
		if (strlen(names[f]) == n && !strncmp(names[f], name, n))
			return (int)f;
	return -ENOENT;
}

/* One component below a directory. */
static int step(struct place *p, const char *name, size_t n, uint32_t caller, int last)
{
	uint32_t pid = 0, uid;
	int f;

	if (n == 1 && *name == '.')
		return 0;
	if (p->file == PDIR) {
		f = by_name(CMDLINE, NFILE, name, n);
		p->file = f < 0 ? ROOT : (enum file)f;
		return f < 0 ? f : 0;
	}
	if (p->file != ROOT)
		return -ENOTDIR;
	f = by_name(MEMINFO, NROOT, name, n);
	if (f == SELF && !last) {
		p->pid = caller;
		p->file = PDIR;
		return 0;
	}
	if (f >= 0) {
		p->file = (enum file)f;
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (name[i] < '0' || name[i] > '9' || pid > PID_MAX)
			return -ENOENT;
		pid = 10 * pid + (uint32_t)(name[i] - '0');
	}
	if (!pid || !alive(pid, &uid))
		return -ENOENT;
	p->file = PDIR;
	p->pid = pid;
	return 0;
}

static int64_t walk(struct srv_req *r, struct place *p)
{
	const struct node *from = (const struct node *)r->m.id;
	static char path[1024];
	int64_t n = srv_text(r, path, sizeof(path));
	int err = 0;

	*p = (struct place){ from->file, from->pid, "" };
	if (n < 0)
		return n;
	for (char *s = path; !err && *(s += strspn(s, "/")); ) {
		size_t len = strcspn(s, "/");

		if (p->file == EXE) {
			p->rest = s;
			break;
		}
		err = step(p, s, len, r->m.pid, !s[len]);
		s += len;
	}
	return err;
}

static int is_dir(enum file f)
{
	return f == ROOT || f == PDIR;
}

/* Where a link leads: the length, without a terminator. */
static int64_t target(const struct srv_req *r, const struct place *p, char *buf, size_t size)
{
	uint32_t uid = 0, caller = CRED_UID(r->m.cred);
	int64_t n;

	if (p->file == SELF)
		return snprintf(buf, size, "%u", r->m.pid);
	if (p->file != EXE)
		return -EINVAL;
	if (!alive(p->pid, &uid))
		return -ESRCH;
	if (caller && caller != uid)
		return -EACCES;
	n = cmdline_of(p->pid, text, sizeof(text));
	if (n <= 0 || text[0] != '/')
		return -ENOENT;
	return snprintf(buf, size, "%s", text);
}

/* The rest of the walk is another server's, or starts anew here. */
static int64_t redirect(struct srv_req *r, const struct place *p)
{
	char to[4096], link[2048];
	int64_t n = target(r, p, link, sizeof(link));
	int len;

	if (n < 0)
		return n;
	len = snprintf(to, sizeof(to), "%s%s%s%s", p->file == SELF ? PREFIX "/" : "", link, *p->rest ? "/" : "", p->rest);
	if (srv_put(r, to, (size_t)len) != len)
		return -ENAMETOOLONG;
	r->m.w[1] = (uint64_t)len;
	return -F_REDIRECT;
}

/* A file whose bytes are a mem: the kernel reads it without us. */
static int64_t make_file(const struct place *p, uint64_t id)
{
	struct file_args a = { .id = id, .rights = R_READ | R_CALL | R_DUP, .plane = PLANE_MEM, .ready = EV_IN | EV_OUT };
	int64_t n = text_of(p->file, p->pid, text, sizeof(text)), mem, h;

	if (n < 0)
		return n;
	mem = sys_mem_create((uint64_t)n, 0);
	if (mem < 0)
		return mem;
	sys_mem_write((handle_t)mem, 0, text, (uint64_t)n);
	a.data = (handle_t)mem;
	h = sys_file_create(srv.port, &a);
	sys_handle_close((handle_t)mem);
	return h;
}

/* An open file on the place: the handle for the client. */
static int64_t make_node(const struct place *p, int with_text)
{
	struct node *n = malloc(sizeof(*n));
	int64_t h;

	if (!n)
		return -ENOMEM;
	h = with_text ? make_file(p, (uint64_t)n) : srv_file(&srv, (uint64_t)n, 0, EV_IN, FILE_SEEKABLE);
	if (h < 0) {
		free(n);
		return h;
	}
	*n = (struct node){ p->file, p->pid, (handle_t)h };
	return sys_handle_dup(n->h, H_HIGH, 0);
}

static void closed(struct srv *s, uint64_t id)
{
	struct node *n = (struct node *)id;

	(void)s;
	if (n == &root)
		return;
	sys_handle_close(n->h);
	free(n);
}

/* Where a program's memory lies is its user's business alone. */
static int may_look(const struct srv_req *r, uint32_t pid)
{
	uint32_t uid, caller = CRED_UID(r->m.cred);

	return alive(pid, &uid) && (!caller || caller == uid);
}

static int64_t do_open(struct srv_req *r, const struct place *p)
{
	uint32_t flags = (uint32_t)r->m.w[1];
	int64_t h;

	if ((p->file == SELF || p->file == EXE) && (!(flags & O_NOFOLLOW) || *p->rest))
		return redirect(r, p);
	if (p->file == SELF || p->file == EXE)
		return -ELOOP;
	if (flags & O_DIRECTORY && !is_dir(p->file))
		return -ENOTDIR;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		return is_dir(p->file) ? -EISDIR : -EACCES;
	if (p->file == MAPS && !may_look(r, p->pid))
		return -EACCES;
	h = make_node(p, !is_dir(p->file) && !(flags & O_PATH));
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	r->m.w[1] = is_dir(p->file) ? S_IFDIR : S_IFREG;
	return 0;
}

static int64_t do_stat(struct srv_req *r, const struct place *p)
{
	int link = p->file == SELF || p->file == EXE;
	struct stat st;
	uint32_t uid = 0;

	if (link && (!(r->m.w[1] & AT_SYMLINK_NOFOLLOW) || *p->rest) && r->m.r[0].len)
		return redirect(r, p);
	if (p->file >= PDIR && !alive(p->pid, &uid))
		return -ESRCH;
	memset(&st, 0, sizeof(st));
	st.st_mode = is_dir(p->file) ? S_IFDIR | 0555 : link ? S_IFLNK | 0777 : S_IFREG | 0444;
	st.st_nlink = 1;
	st.st_uid = uid;
	st.st_dev = 10;
	st.st_ino = (uint64_t)p->pid << 8 | (p->file + 1u);
	st.st_blksize = 4096;
	return srv_put(r, &st, sizeof(st)) < 0 ? -EFAULT : 0;
}

static int64_t do_access(struct srv_req *r, const struct place *p)
{
	if ((p->file == SELF || p->file == EXE) && !(r->m.w[2] & AT_SYMLINK_NOFOLLOW))
		return redirect(r, p);
	return r->m.w[1] & (W_OK | (is_dir(p->file) ? 0 : X_OK)) ? -EACCES : 0;
}

static int64_t do_readlink(struct srv_req *r, const struct place *p)
{
	char link[2048];
	int64_t n = target(r, p, link, sizeof(link));

	return n < 0 ? n : srv_put(r, link, (size_t)n);
}

static int64_t do_path(struct srv_req *r, const struct place *p)
{
	char buf[64];
	int n;

	if (p->file < PDIR)
		n = snprintf(buf, sizeof(buf), PREFIX "%s%s", *names[p->file] ? "/" : "", names[p->file]);
	else
		n = snprintf(buf, sizeof(buf), PREFIX "/%u%s%s", p->pid, *names[p->file] ? "/" : "", names[p->file]);
	return srv_put(r, buf, (size_t)n);
}

/* Entry number i of a directory: its name, "" past the end. */
static void entry_name(const struct place *p, uint64_t i, const uint32_t *pids, int64_t n, char name[32], int *type)
{
	enum file first = p->file == ROOT ? MEMINFO : CMDLINE, end = p->file == ROOT ? NROOT : NFILE;

	*type = i < 2 ? DT_DIR : DT_REG;
	name[0] = '\0';
	if (i < 2)
		strcpy(name, i ? ".." : ".");
	else if (i - 2 < (uint64_t)(end - first))
		strcpy(name, names[first + (i - 2)]);
	else if (p->file == ROOT && i - 2 - (end - first) < (uint64_t)n) {
		snprintf(name, 32, "%u", pids[i - 2 - (end - first)]);
		*type = DT_DIR;
	}
	if (!strcmp(name, "self") || !strcmp(name, "exe"))
		*type = DT_LNK;
}

static int64_t do_readdir(struct srv_req *r, const struct place *p)
{
	static uint32_t pids[16384];
	int64_t npids = p->file == ROOT ? list_pids(pids, 16384) : 0;
	size_t n = 0, max = r->m.r[1].len < 8192 ? r->m.r[1].len : 8192;
	uint64_t i = r->m.w[1];
	int type;

	if (!is_dir(p->file))
		return -ENOTDIR;
	for (;; i++) {
		struct dirent *e = (struct dirent *)(text + n);
		char name[32];
		size_t len;

		entry_name(p, i, pids, npids, name, &type);
		len = (offsetof(struct dirent, d_name) + strlen(name) + 8) & ~7ul;
		if (!*name || n + len > max)
			break;
		memset(e, 0, len);
		e->d_ino = i + 1;
		e->d_off = (off_t)i + 1;
		e->d_reclen = (unsigned short)len;
		e->d_type = (unsigned char)type;
		strcpy(e->d_name, name);
		n += len;
	}
	r->m.w[1] = i;
	return srv_put(r, text, n);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct place p;
	int64_t err;

	(void)s;
	switch (r->m.w[0]) {
	case F_OPEN:
	case F_STAT:
	case F_ACCESS:
	case F_READLINK:
	case F_READDIR:
	case F_PATH:
		break;
	case F_MKDIR:
	case F_UNLINK:
	case F_SETATTR:
	case F_MKNOD:
		return -EROFS;
	default:
		return -ENOSYS;
	}
	err = walk(r, &p);
	if (err)
		return err;
	switch (r->m.w[0]) {
	case F_OPEN:
		return do_open(r, &p);
	case F_STAT:
		return do_stat(r, &p);
	case F_ACCESS:
		return do_access(r, &p);
	case F_READLINK:
		return do_readlink(r, &p);
	case F_READDIR:
		return do_readdir(r, &p);
	}
	return do_path(r, &p);
}

static struct srv srv = { .call = call, .close = closed };

int main(void)
{
	int64_t h, err;

	if (srv_init(&srv))
		srv_die("no port");
	h = srv_file(&srv, (uint64_t)&root, 0, EV_IN, FILE_SEEKABLE);
	if (h < 0)
		srv_die("no root file: error %d", (int)-h);
	err = srv_register(PREFIX, (handle_t)h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&srv);
	return 1;
}
