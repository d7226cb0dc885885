/* SPDX-License-Identifier: MIT */
/* The tree below /dev: opening, stat, listing, permissions. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "ptyd.h"

#define SHM_DIR	"/run/shm"
#define LOG_SOCKET "/run/log"

/* A place in the tree: a node, and for D_TERM its terminal. */
struct place { enum node node; struct tty *tty; };

static const struct { const char *name; enum node node; unsigned major, minor, mode; } nodes[] = {
	{ "", D_ROOT, 0, 0, S_IFDIR | 0755 },
	{ "pts", D_PTSDIR, 0, 0, S_IFDIR | 0755 },
	{ "null", D_NULL, 1, 3, S_IFCHR | 0666 },
	{ "zero", D_ZERO, 1, 5, S_IFCHR | 0666 },
	{ "full", D_FULL, 1, 7, S_IFCHR | 0666 },
	{ "random", D_RANDOM, 1, 8, S_IFCHR | 0666 },
	{ "urandom", D_RANDOM, 1, 9, S_IFCHR | 0666 },
	{ "tty", D_TTY, 5, 0, S_IFCHR | 0666 },
	{ "console", D_CONSOLE, 5, 1, S_IFCHR | 0600 },
	{ "ptmx", D_PTMX, 5, 2, S_IFCHR | 0666 },
};
#define NNODES	(sizeof(nodes) / sizeof(nodes[0]))

/* The console: serial when the command line says so or there is no screen. */
struct tty *tree_console(void)
{
	const char *cmdline = getenv("CALX_CMDLINE");
	struct tty *serial = tty_by_name("ttyS0"), *screen = tty_by_name("tty0");

	if (cmdline && strstr(cmdline, "console=serial"))
		return serial;
	return screen->drv != H_NONE || serial->drv == H_NONE ? screen : serial;
}

/* Drops "." and doubled or trailing slashes. */
static int normalise(char *path)
{
	char *out = path, *in = path;

	while (*in) {
		size_t n;

		in += strspn(in, "/");
		n = strcspn(in, "/");
		if (n == 2 && in[0] == '.' && in[1] == '.')
			return -EINVAL;
		if (n && !(n == 1 && in[0] == '.')) {
			if (out != path)
				*out++ = '/';
			memmove(out, in, n);
			out += n;
		}
		in += n;
	}
	*out = '\0';
	return 0;
}

/* Why there is no such name: below what is no directory, or simply none. */
static int missing(const char *path)
{
	char part[264];

	for (const char *s = strchr(path, '/'); s; s = strchr(s + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(s - path), path);
		if (tty_by_name(part))
			return -ENOTDIR;
		for (unsigned i = 0; i < NNODES; i++)
			if (!strcmp(nodes[i].name, part) && !S_ISDIR(nodes[i].mode))
				return -ENOTDIR;
	}
	return -ENOENT;
}

static int find(const char *path, struct place *p)
{
	struct tty *t = tty_by_name(path);

	if (t) {
		*p = (struct place){ D_TERM, t };
		return 0;
	}
	for (unsigned i = 0; i < NNODES; i++) {
		if (!strcmp(nodes[i].name, path)) {
			*p = (struct place){ nodes[i].node, NULL };
			return 0;
		}
	}
	return missing(path);
}

/*
 * Shared memory files are no devices: /dev/shm stands for a directory of the root file system, as
 * /dev/log does for a socket there.
 * Answers a redirection when path is below it, 0 when not.
 */
static int64_t redirect(struct srv_req *r, const char *path)
{
	char to[300];
	int n;

	if (!strcmp(path, "log"))
		n = snprintf(to, sizeof(to), LOG_SOCKET);
	else if (strncmp(path, "shm", 3) || (path[3] && path[3] != '/'))
		return 0;
	else
		n = snprintf(to, sizeof(to), SHM_DIR "%s", path + 3);
	if (srv_put(r, to, (size_t)n) != n)
		return -ENAMETOOLONG;
	r->m.w[1] = (uint64_t)n;
	return -F_REDIRECT;
}

/* What has nothing to do with anybody's terminal. */
static int is_plain(enum node node)
{
	return node == D_ROOT || node == D_NULL || node == D_ZERO || node == D_FULL || node == D_RANDOM;
}

/* Resolves the request's path relative to o. */
static int64_t walk(struct open *o, struct srv_req *r, struct place *p)
{
	char text[256], path[264];
	int64_t n = srv_text(r, text, sizeof(text));

	if (n < 0)
		return n;
	if (normalise(text))
		return -EINVAL;
	if (!text[0]) {
		*p = (struct place){ o->node, o->tty };
		return 0;
	}
	if (o->node != D_ROOT && o->node != D_PTSDIR)
		return -ENOTDIR;
	n = o->node == D_ROOT ? redirect(r, text) : 0;
	if (n)
		return n;
	snprintf(path, sizeof(path), "%s%s", o->node == D_PTSDIR ? "pts/" : "", text);
	n = find(path, p);
	return !n && o->plain && !is_plain(p->node) ? -ENOENT : n;
}

static void fill_tty(const struct tty *t, struct stat *st)
{
	st->st_mode = S_IFCHR | t->mode;
	st->st_uid = t->uid;
	st->st_gid = t->gid;
	st->st_ino = 100 + t->id;
	if (t->is_pty)
		st->st_rdev = makedev(136, (unsigned)t->pty_no);
	else if (!strcmp(t->name, "ttyS0"))
		st->st_rdev = makedev(4, 64);
	else
		st->st_rdev = makedev(4, t->id);
}

static void fill(const struct place *p, struct stat *st)
{
	memset(st, 0, sizeof(*st));
	st->st_dev = makedev(0, 5);
	st->st_nlink = 1;
	st->st_blksize = 4096;
	if (p->node == D_TERM) {
		fill_tty(p->tty, st);
		return;
	}
	for (unsigned i = 0; i < NNODES; i++) {
		if (nodes[i].node != p->node)
			continue;
		st->st_mode = nodes[i].mode;
		st->st_rdev = makedev(nodes[i].major, nodes[i].minor);
		st->st_ino = 1 + i;
		return;
	}
}

/* want: 4 read, 2 write, 1 execute. */
static int allowed(const struct place *p, const struct srv_req *r, unsigned want)
{
	uint64_t cred = r->m.cred;
	struct stat st;
	unsigned bits;

	fill(p, &st);
	if (!CRED_UID(cred))
		return !(want & 1) || S_ISDIR(st.st_mode);
	bits = st.st_mode & 7;
	if (CRED_UID(cred) == st.st_uid)
		bits = st.st_mode >> 6 & 7;
	else if (srv_in_group(r, st.st_gid))
		bits = st.st_mode >> 3 & 7;
	return (bits & want) == want;
}

/* /dev/tty and /dev/console stand for a terminal. */
static int64_t real_place(struct place *p, struct srv_req *r)
{
	struct who w;

	if (p->node == D_TTY) {
		if (session_of(r->m.pid, &w) || !(p->tty = tty_by_session(w.sid)))
			return -ENXIO;
		p->node = D_TERM;
	} else if (p->node == D_CONSOLE) {
		p->tty = tree_console();
		p->node = D_TERM;
	}
	return 0;
}

static int64_t finish_open(struct place *p, struct srv_req *r, uint32_t flags, int ctty, int plain)
{
	int term = p->node == D_TERM;
	struct open *o;
	int64_t h;

	/* A master is opened once; a mere path to ptmx is none. */
	if (p->node == D_PTMX)
		p->tty = NULL;
	if (term && p->tty->is_pty && (p->tty->locked || !p->tty->master))
		return -EIO;
	if (term && p->tty->exclusive && CRED_UID(r->m.cred))
		return -EBUSY;
	o = open_new(p->node, p->tty, flags & (O_ACCMODE | O_NONBLOCK | O_APPEND),
		     term ? 0 : EV_IN | EV_OUT);
	if (!o)
		return -ENOMEM;
	h = sys_handle_dup(o->h, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	o->plain = plain;
	if (term) {
		p->tty->slave_was_open = 1;
		if (ctty && !p->tty->sid)
			session_acquire(p->tty, r->m.pid, 0);
		tty_update(p->tty);
	}
	r->m.w[1] = p->node <= D_PTSDIR ? S_IFDIR : S_IFCHR;
	return 0;
}

static unsigned access_of(uint32_t flags)
{
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return 4;
	case O_WRONLY:
		return 2;
	}
	return 6;
}

static int64_t do_open(struct open *o, struct srv_req *r)
{
	uint32_t flags = (uint32_t)r->m.w[1];
	struct place p;
	int64_t err = walk(o, r, &p);

	if (err == -ENOENT && (flags & O_CREAT))
		return -EACCES;
	if (err)
		return err;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (p.node <= D_PTSDIR && (flags & O_ACCMODE) != O_RDONLY)
		return -EISDIR;
	if (p.node > D_PTSDIR && (flags & O_DIRECTORY))
		return -ENOTDIR;
	if (!(flags & O_PATH) && !allowed(&p, r, access_of(flags)))
		return -EACCES;
	err = real_place(&p, r);
	if (err)
		return err;
	if (p.node == D_PTMX && !(flags & O_PATH))
		return pty_open_master(r, flags);
	return finish_open(&p, r, flags, !(flags & (O_NOCTTY | O_PATH)), o->plain);
}

static int64_t do_stat(struct open *o, struct srv_req *r)
{
	struct place p;
	struct stat st;
	int64_t err = walk(o, r, &p);

	if (err)
		return err;
	fill(&p, &st);
	err = srv_put(r, &st, sizeof(st));
	return err < 0 ? err : 0;
}

static int64_t do_access(struct open *o, struct srv_req *r)
{
	struct place p;
	int64_t err = walk(o, r, &p);

	if (err)
		return err;
	return allowed(&p, r, (unsigned)r->m.w[1] & 7) ? 0 : -EACCES;
}

/* Owners and modes of ptys only; times are not kept. */
static int64_t do_setattr(struct open *o, struct srv_req *r)
{
	struct place p;
	int64_t err = walk(o, r, &p);
	uint64_t mask = r->m.w[1] & 0xffffffff;

	if (err)
		return err;
	if (!(mask & (SA_MODE | SA_UID | SA_GID)))
		return 0;
	if (p.node != D_TERM)
		return -EPERM;
	if (CRED_UID(r->m.cred) && CRED_UID(r->m.cred) != p.tty->uid)
		return -EPERM;
	if (mask & SA_MODE)
		p.tty->mode = (uint32_t)r->m.w[2] & 0777;
	if (mask & SA_UID)
		p.tty->uid = CRED_UID(r->m.w[3]);
	if (mask & SA_GID)
		p.tty->gid = CRED_GID(r->m.w[3]);
	return 0;
}

/* Appends one entry; false when it does not fit. */
static int entry(char *buf, size_t *n, size_t max, const char *name, uint64_t ino, int type,
		 uint64_t next)
{
	struct { uint64_t ino, off; uint16_t len; uint8_t type; } __attribute__((packed)) e;
	size_t len = (sizeof(e) + strlen(name) + 1 + 7) & ~7ul;

	if (*n + len > max)
		return 0;
	memset(buf + *n, 0, len);
	e.ino = ino;
	e.off = next;
	e.len = (uint16_t)len;
	e.type = (uint8_t)type;
	memcpy(buf + *n, &e, sizeof(e));
	strcpy(buf + *n + sizeof(e), name);
	*n += len;
	return 1;
}

/* Name of child number i of a directory, NULL past the last; "" for one to leave out. */
static const char *child(enum node dir, uint64_t i, int *type)
{
	struct tty *t = NULL;
	int pts;

	*type = DT_DIR;
	if (i < 2)
		return i ? ".." : ".";
	i -= 2;
	if (dir == D_ROOT && i + 1 < NNODES) {
		*type = nodes[i + 1].node == D_PTSDIR ? DT_DIR : DT_CHR;
		return nodes[i + 1].name;
	}
	if (dir == D_ROOT)
		i -= NNODES - 1;
	*type = DT_CHR;
	while ((t = tty_each(t)) && i--)
		;
	if (!t)
		return NULL;
	pts = t->is_pty;
	return (dir == D_PTSDIR) != pts ? "" : pts ? t->name + 4 : t->name;
}

static int plain_name(const char *name)
{
	struct place p;

	return !find(name, &p) && is_plain(p.node);
}

static int64_t do_readdir(struct open *o, struct srv_req *r)
{
	char buf[4096];
	size_t n = 0, max = r->m.r[1].len < sizeof(buf) ? r->m.r[1].len : sizeof(buf);
	uint64_t i = r->m.w[1];
	const char *name;
	int type;

	if (o->node > D_PTSDIR)
		return -ENOTDIR;
	while ((name = child(o->node, i, &type))) {
		if (*name && !(o->plain && i > 1 && !plain_name(name)) && !entry(buf, &n, max, name, i + 1, type, i + 1))
			break;
		i++;
	}
	if (!n && name)
		return -EINVAL;
	r->m.w[1] = i;
	return srv_put(r, buf, n);
}

static int64_t do_path(struct open *o, struct srv_req *r)
{
	char path[64];

	if (o->node == D_TERM || (o->node == D_PTMX && o->tty))
		snprintf(path, sizeof(path), "/dev/%s", o->node == D_TERM ? o->tty->name : "ptmx");
	else
		for (unsigned i = 0; i < NNODES; i++)
			if (nodes[i].node == o->node)
				snprintf(path, sizeof(path), "/dev%s%s", i ? "/" : "", nodes[i].name);
	return srv_put(r, path, strlen(path));
}

static int64_t do_clone(struct open *o, struct srv_req *r)
{
	struct place p = { o->node, o->tty };

	if (o->node == D_PTMX)
		return -ENXIO;
	return finish_open(&p, r, (uint32_t)r->m.w[1], 0, o->plain);
}

/* Whatever names of /dev a sandbox is given, it gets the devices that nobody else can be reached by. */
static int64_t do_confine(struct open *o, struct srv_req *r)
{
	struct place p = { D_ROOT, NULL };

	return o->node == D_ROOT ? finish_open(&p, r, O_RDONLY | O_DIRECTORY, 0, 1) : -EINVAL;
}

/* An operation that nothing here allows: but a path may lead elsewhere, or nowhere. */
static int64_t walk_or(struct open *o, struct srv_req *r, int64_t err)
{
	struct place p;
	int64_t res = walk(o, r, &p);

	return res == -F_REDIRECT ? res : err;
}

int64_t tree_call(struct open *o, struct srv_req *r)
{
	switch (r->m.w[0]) {
	case F_OPEN:
		return do_open(o, r);
	case F_STAT:
		return do_stat(o, r);
	case F_ACCESS:
		return do_access(o, r);
	case F_SETATTR:
		return do_setattr(o, r);
	case F_READDIR:
		return do_readdir(o, r);
	case F_PATH:
		return do_path(o, r);
	case F_CLONE:
		return do_clone(o, r);
	case F_CONFINE:
		return do_confine(o, r);
	case F_READLINK:
		return -EINVAL;
	case F_SYNC:
		return 0;
	case F_SEEK:
		return o->node == D_TERM || o->node == D_PTMX ? -ESPIPE : 0;
	case F_MKDIR:
	case F_UNLINK:
		return walk_or(o, r, -EPERM);
	case F_RENAME:
	case F_LINK:
	case F_SYMLINK:
	case F_MKNOD:
		return -EPERM;
	}
	return -ENOSYS;
}
