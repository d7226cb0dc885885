/* SPDX-License-Identifier: MIT */
/* Extended attributes. Names are of the kinds user., trusted. and security.; what Linux says of each holds here. */
#include <sys/inotify.h>
#include <sys/stat.h>

#include "fsd.h"

static bool begins(const char *name, size_t n, const char *kind)
{
	return n > strlen(kind) && !memcmp(name, kind, strlen(kind));
}

/* Only files and directories have attributes of users, in shared directories only their owner's. */
static int may_user(const struct cfs_inode *ip, const struct srv_req *r, bool write)
{
	uint32_t uid = CRED_UID(r->m.cred);

	if (!S_ISREG(ip->a.mode) && !S_ISDIR(ip->a.mode))
		return write ? -EPERM : -ENODATA;
	if (write && S_ISDIR(ip->a.mode) && ip->a.mode & 01000 && uid && uid != ip->a.uid)
		return -EPERM;
	return may(ip, r, write ? MAY_W : MAY_R);
}

static int may_xattr(const struct cfs_inode *ip, const struct srv_req *r, const char *name, size_t n, bool write)
{
	if (write && cfs_readonly(ip->fs))
		return -EROFS;
	if (fsd.cage && cage_may(ip, write ? MAY_W : MAY_R))
		return -EACCES;
	if (begins(name, n, "user."))
		return may_user(ip, r, write);
	if (begins(name, n, "trusted."))
		return !CRED_UID(r->m.cred) ? 0 : write ? -EPERM : -ENODATA;
	if (begins(name, n, "security."))
		return write && CRED_UID(r->m.cred) ? -EPERM : 0;
	return -EOPNOTSUPP;
}

/* The name that is all of range 0: its length, or -errno. */
static int64_t get_name(struct srv_req *r, struct cfs_inode *ip, char name[CFS_NAMELEN], bool write)
{
	uint64_t len = r->m.r[0].len;
	int64_t n = len > CFS_NAMELEN || !len ? -ERANGE : srv_get(r, name, len);
	int err;

	if (n < 0)
		return n;
	err = may_xattr(ip, r, name, (size_t)n, write);
	return err ? err : n;
}

int64_t op_getxattr(struct srv_req *r, struct ofile *of)
{
	uint64_t most = r->m.w[1];
	char name[CFS_NAMELEN];
	int64_t n = get_name(r, of->ip, name, false);

	if (n < 0)
		return n;
	n = cfs_getxattr(of->ip, name, (size_t)n, fsd.buf, most ? BUF_PAGES * PAGE : 0);
	if (n <= 0 || !most)
		return n;
	return (uint64_t)n > most ? -ERANGE : srv_put(r, fsd.buf, (size_t)n);
}

static int64_t changed(struct ofile *of, int err)
{
	touch_timer();
	if (!err)
		watch_file(of->ip, of->dir, IN_ATTRIB);
	return err;
}

int64_t op_setxattr(struct srv_req *r, struct ofile *of)
{
	uint64_t len = r->m.r[0].len;
	char *text = (char *)fsd.buf, *end;
	size_t n;
	int err;

	if (len > CFS_NAMELEN + 1 + 65536)
		return -E2BIG;
	if (srv_get(r, text, len) != (int64_t)len)
		return -EFAULT;
	end = memchr(text, 0, len);
	n = end ? (size_t)(end - text) : 0;
	if (!n || n > CFS_NAMELEN)
		return -ERANGE;
	err = may_xattr(of->ip, r, text, n, true);
	if (!err)
		err = cfs_setxattr(of->ip, text, n, end + 1, len - n - 1, (uint32_t)r->m.w[1]);
	return changed(of, err);
}

int64_t op_removexattr(struct srv_req *r, struct ofile *of)
{
	char name[CFS_NAMELEN];
	int64_t n = get_name(r, of->ip, name, true);

	return n < 0 ? n : changed(of, cfs_removexattr(of->ip, name, (size_t)n));
}

struct names {
	size_t n;
	bool all, full;		/* all: trusted ones too */
};

static int add_name(void *arg, const char *name, size_t n)
{
	struct names *l = arg;

	if (!l->all && begins(name, n, "trusted."))
		return 0;
	if (l->n + n + 1 > BUF_PAGES * PAGE) {
		l->full = true;
		return 1;
	}
	memcpy(fsd.buf + l->n, name, n);
	fsd.buf[l->n + n] = 0;
	l->n += n + 1;
	return 0;
}

int64_t op_listxattr(struct srv_req *r, struct ofile *of)
{
	struct names l = { .all = !CRED_UID(r->m.cred) };
	int err = cfs_listxattr(of->ip, add_name, &l);

	if (err)
		return err;
	if (l.full)
		return -E2BIG;
	if (!r->m.w[1] || !l.n)
		return (int64_t)l.n;
	return l.n > r->m.w[1] ? -ERANGE : srv_put(r, fsd.buf, l.n);
}
