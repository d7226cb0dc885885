/* SPDX-License-Identifier: MIT */
/* Who may do what: mode bits, groups, sticky directories, and the rules of chmod, chown and utimes. */
#include <fcntl.h>

#include "fsd.h"

#define FMT	0170000u
#define DIRMODE	0040000u
#define REGMODE	0100000u

int may(const struct cfs_inode *ip, const struct srv_req *r, uint32_t want)
{
	uint32_t mode = ip->a.mode, uid = CRED_UID(r->m.cred), have = mode & 7;
	int err = fsd.cage ? cage_may(ip, want) : 0;

	if (err)
		return err;
	if (!uid) {
		have = MAY_R | MAY_W;
		if ((mode & FMT) == DIRMODE || mode & 0111)
			have |= MAY_X;
	} else if (uid == ip->a.uid) {
		have = mode >> 6 & 7;
	} else if ((mode >> 3 & 7) != have && srv_in_group(r, ip->a.gid)) {
		have = mode >> 3 & 7;
	}
	return want & ~have ? -EACCES : 0;
}

int may_remove(const struct cfs_inode *dir, const struct cfs_inode *ip, const struct srv_req *r)
{
	uint32_t uid = CRED_UID(r->m.cred);

	if (may(dir, r, MAY_W | MAY_X))
		return -EACCES;
	return dir->a.mode & 01000 && uid && uid != dir->a.uid && uid != ip->a.uid ? -EPERM : 0;
}

struct cfs_new new_owner(const struct srv_req *r, const struct cfs_inode *dir, uint32_t mode)
{
	struct cfs_new n = { .mode = mode, .uid = CRED_UID(r->m.cred), .gid = CRED_GID(r->m.cred) };

	if (dir->a.mode & 02000) {
		n.gid = dir->a.gid;
		if ((mode & FMT) == DIRMODE)
			n.mode |= 02000;
		else if (n.uid && !srv_in_group(r, n.gid))
			n.mode &= ~02000u;
	}
	return n;
}

static int check_times(const struct cfs_inode *ip, uint64_t mask, const struct srv_req *r)
{
	if (CRED_UID(r->m.cred) == ip->a.uid)
		return 0;
	return mask & SA_NOW ? may(ip, r, MAY_W) : -EPERM;
}

int may_setattr(const struct cfs_inode *ip, uint64_t mask, const struct srv_req *r)
{
	uint32_t uid = CRED_UID(r->m.cred), new_uid = (uint32_t)r->m.w[3], new_gid = (uint32_t)(r->m.w[3] >> 32);

	if (cfs_readonly(ip->fs))
		return -EROFS;
	if (fsd.cage && cage_may(ip, MAY_W))
		return -EACCES;
	if (!uid)
		return 0;
	if (mask & (SA_MODE | SA_UID | SA_GID) && uid != ip->a.uid)
		return -EPERM;
	if (mask & SA_UID && new_uid != ip->a.uid)
		return -EPERM;
	if (mask & SA_GID && new_gid != ip->a.gid && !srv_in_group(r, new_gid))
		return -EPERM;
	return mask & (SA_ATIME | SA_MTIME) ? check_times(ip, mask, r) : 0;
}

uint32_t allowed_mode(const struct cfs_inode *ip, uint32_t mode, const struct srv_req *r)
{
	if (CRED_UID(r->m.cred) && (ip->a.mode & FMT) != DIRMODE && mode & 02000 && !srv_in_group(r, ip->a.gid))
		mode &= ~02000u;
	return mode;
}

/*
 * What a user may write loses its set-id bits. The data go by without us, so this is done when the
 * file is opened.
 */
int strip_set_id(struct cfs_inode *ip, const struct srv_req *r)
{
	struct cfs_attr a;
	uint32_t gone = 04000 | (ip->a.mode & 0010 ? 02000 : 0);

	if ((ip->a.mode & FMT) != REGMODE || !CRED_UID(r->m.cred) || !(ip->a.mode & gone))
		return 0;
	a.mode = ip->a.mode & 07777 & ~gone;
	return cfs_setattr(ip, CFS_SET_MODE, &a);
}

/* A set-id program's server (uid 0) may act for its caller. */
int act_for(struct srv_req *r)
{
	if (!(r->m.w[1] & F_AS))
		return 0;
	if (CRED_UID(r->m.cred))
		return -EPERM;
	r->m.cred = r->m.w[3];
	r->m.groups = (uint32_t)r->m.w[4];
	return 0;
}

/* access(2) asks for the real ids; libc says AT_EACCESS where they are known to be the same. */
int use_real_ids(struct srv_req *r)
{
	struct msg m = { .w = { P_GETIDS, r->m.pid } };
	int64_t err = sys_call(srv_start()->procd, &m);

	if (err >= 0)
		r->m.cred = m.w[1];
	return err < 0 ? (int)err : 0;
}
