/* SPDX-License-Identifier: MIT */
/* The model: objects in one array, directories as lists of names. Each operation is done twice and compared. */
#include "ops.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBJ	400
#define NDIRENT	64
#define NOPEN	8
#define S_DIR	0040000u
#define S_REG	0100000u
#define S_LNK	0120000u

struct obj {
	bool used;
	uint32_t mode, nlink, uid, opens;
	uint64_t size, ino;
	uint64_t *tag;			/* one for each page; 0: zeros */
	uint32_t *cut;			/* bytes of the page that still hold the tag's pattern */
	char *link;
	struct { char name[256]; int obj; } *ent;
	int nent, parent;
};

struct model {
	struct obj o[NOBJ];
	uint32_t max_pages;
	struct cfs_inode *open[NOPEN];
	int open_obj[NOPEN];
};

unsigned long op_count[16], op_enospc;
static uint8_t page[64 * CFS_PAGE], want[CFS_PAGE];

struct model *model_new(uint32_t max_pages)
{
	struct model *m = calloc(1, sizeof *m);

	m->max_pages = max_pages;
	m->o[0] = (struct obj){ .used = true, .mode = S_DIR | 0755, .nlink = 2, .ino = 2,
				.ent = calloc(NDIRENT, sizeof *m->o[0].ent) };
	return m;
}

static void obj_free(struct obj *o)
{
	free(o->tag);
	free(o->cut);
	free(o->link);
	free(o->ent);
	*o = (struct obj){ 0 };
}

void model_free(struct model *m)
{
	for (int i = 0; i < NOBJ; i++)
		obj_free(&m->o[i]);
	free(m);
}

static int find(struct model *m, int dir, const char *name)
{
	for (int i = 0; i < m->o[dir].nent; i++)
		if (!strcmp(m->o[dir].ent[i].name, name))
			return i;
	return -1;
}

static void ent_remove(struct model *m, int dir, int i)
{
	m->o[dir].ent[i] = m->o[dir].ent[--m->o[dir].nent];
}

static void ent_add(struct model *m, int dir, const char *name, int obj)
{
	struct obj *d = &m->o[dir];

	strcpy(d->ent[d->nent].name, name);
	d->ent[d->nent++].obj = obj;
}

static void drop(struct model *m, int obj)
{
	if (!m->o[obj].nlink && !m->o[obj].opens)
		obj_free(&m->o[obj]);
}

static int free_obj(struct model *m)
{
	for (int i = 1; i < NOBJ; i++)
		if (!m->o[i].used)
			return i;
	return -1;
}

static int random_dir(struct model *m)
{
	for (int tries = 0; tries < 50; tries++) {
		int i = (int)pick(NOBJ);

		if (m->o[i].used && (m->o[i].mode & S_DIR) == S_DIR && m->o[i].nlink)
			return i;
	}
	return 0;
}

/* A name: short ones that often meet, and some of the greatest length. */
static void random_name(char *name)
{
	uint32_t k = pick(40);

	if (k < 36) {
		sprintf(name, "n%u", k);
		return;
	}
	memset(name, 'a' + (int)k - 36, 255);
	name[255] = 0;
}

static struct cfs_inode *get(struct model *m, struct cfs *fs, int obj)
{
	struct cfs_inode *ip;

	OK(cfs_iget(fs, m->o[obj].ino, &ip));
	return ip;
}

/* Both sides must agree; a full disk is calxfs's own. True: done on both. */
static bool agree(const char *what, int got, int expect)
{
	if (got == -ENOSPC && expect >= 0) {
		op_enospc++;
		return false;
	}
	if ((got < 0 ? got : 0) != (expect < 0 ? expect : 0))
		FAIL("%s: got %d, the model says %d", what, got, expect);
	return got >= 0;
}

static void op_create(struct model *m, struct cfs *fs, uint32_t fmt)
{
	int dir = random_dir(m), obj = free_obj(m), expect = 0, got;
	struct cfs_inode *d, *ip = NULL;
	struct cfs_new w = { .mode = fmt | (uint32_t)pick(01000), .uid = pick(5) };
	char name[256], link[4096];
	size_t len = 1 + pick(pick(4) ? 60 : 4095);

	random_name(name);
	if (obj < 0 || m->o[dir].nent == NDIRENT)
		return;
	if (find(m, dir, name) >= 0)
		expect = -EEXIST;
	memset(link, 'a' + (int)pick(26), len);
	d = get(m, fs, dir);
	got = fmt == S_LNK ? cfs_symlink(d, name, strlen(name), &w, link, len, &ip)
			   : cfs_create(d, name, strlen(name), &w, &ip);
	if (agree("create", got, expect)) {
		struct obj *o = &m->o[obj];

		*o = (struct obj){ .used = true, .mode = fmt == S_LNK ? S_LNK | 0777 : w.mode, .uid = w.uid,
				   .nlink = fmt == S_DIR ? 2 : 1, .ino = ip->ino, .parent = dir };
		if (fmt == S_DIR) {
			o->ent = calloc(NDIRENT, sizeof *o->ent);
			m->o[dir].nlink++;
		} else if (fmt == S_LNK) {
			o->link = strndup(link, len);
			o->size = len;
		} else {
			o->tag = calloc(m->max_pages, 8);
			o->cut = calloc(m->max_pages, 4);
		}
		ent_add(m, dir, name, obj);
	}
	cfs_iput(ip);
	cfs_iput(d);
}

static void op_remove(struct model *m, struct cfs *fs, bool rmdir)
{
	int dir = random_dir(m), i, obj, expect = 0, got;
	struct cfs_inode *d;
	char name[256];

	random_name(name);
	if (m->o[dir].nent && pick(4))
		strcpy(name, m->o[dir].ent[pick((uint32_t)m->o[dir].nent)].name);
	i = find(m, dir, name);
	obj = i < 0 ? -1 : m->o[dir].ent[i].obj;
	if (i < 0)
		expect = -ENOENT;
	else if (rmdir)
		expect = !m->o[obj].ent ? -ENOTDIR : m->o[obj].nent ? -ENOTEMPTY : 0;
	else if (m->o[obj].ent)
		expect = -EISDIR;
	d = get(m, fs, dir);
	got = rmdir ? cfs_rmdir(d, name, strlen(name)) : cfs_unlink(d, name, strlen(name));
	cfs_iput(d);
	if (!agree("remove", got, expect))
		return;
	ent_remove(m, dir, i);
	m->o[dir].nlink -= rmdir;
	m->o[obj].nlink = rmdir ? 0 : m->o[obj].nlink - 1;
	drop(m, obj);
}

static int random_file(struct model *m, bool any)
{
	for (int tries = 0; tries < 100; tries++) {
		int i = (int)pick(NOBJ);

		if (m->o[i].used && (m->o[i].tag || (any && i)))
			return i;
	}
	return -1;
}

static void op_link(struct model *m, struct cfs *fs)
{
	int dir = random_dir(m), obj = random_file(m, true), expect = 0, got;
	struct cfs_inode *d, *ip;
	char name[256];

	random_name(name);
	if (obj < 0 || m->o[dir].nent == NDIRENT || m->o[obj].nlink > 1000)
		return;
	if (m->o[obj].ent)
		expect = -EPERM;
	else if (!m->o[obj].nlink)
		expect = -ENOENT;
	else if (find(m, dir, name) >= 0)
		expect = -EEXIST;
	d = get(m, fs, dir);
	ip = get(m, fs, obj);
	got = cfs_link(d, name, strlen(name), ip);
	if (agree("link", got, expect)) {
		ent_add(m, dir, name, obj);
		m->o[obj].nlink++;
	}
	cfs_iput(ip);
	cfs_iput(d);
}

static bool below(struct model *m, int dir, int top)
{
	for (; dir; dir = m->o[dir].parent)
		if (dir == top)
			return true;
	return dir == top;
}

static int rename_expect(struct model *m, int od, int oi, int nd, int ni, uint32_t flags)
{
	int src = oi < 0 ? -1 : m->o[od].ent[oi].obj, dst = ni < 0 ? -1 : m->o[nd].ent[ni].obj;

	if (src < 0)
		return -ENOENT;
	if (flags & CFS_RENAME_NOREPLACE && dst >= 0)
		return -EEXIST;
	if (flags & CFS_RENAME_EXCHANGE && dst < 0)
		return -ENOENT;
	if (src == dst)
		return 1;
	if (m->o[src].ent && below(m, nd, src))
		return -EINVAL;
	if (flags & CFS_RENAME_EXCHANGE)
		return m->o[dst].ent && below(m, od, dst) ? -EINVAL : 0;
	if (dst < 0)
		return 0;
	if (m->o[src].ent)
		return !m->o[dst].ent ? -ENOTDIR : m->o[dst].nent ? -ENOTEMPTY : 0;
	return m->o[dst].ent ? -EISDIR : 0;
}

static void rename_model(struct model *m, int od, int oi, const char *nname, int nd, int ni, uint32_t flags)
{
	int src = m->o[od].ent[oi].obj, dst = ni < 0 ? -1 : m->o[nd].ent[ni].obj;
	bool sdir = m->o[src].ent;

	m->o[src].parent = nd;
	if (sdir) {
		m->o[od].nlink--;
		m->o[nd].nlink++;
	}
	if (flags & CFS_RENAME_EXCHANGE) {
		m->o[dst].parent = od;
		if (m->o[dst].ent) {
			m->o[nd].nlink--;
			m->o[od].nlink++;
		}
		m->o[nd].ent[ni].obj = src;
		m->o[od].ent[oi].obj = dst;
		return;
	}
	if (dst >= 0) {
		m->o[nd].ent[ni].obj = src;
		m->o[nd].nlink -= sdir;
		m->o[dst].nlink = sdir ? 0 : m->o[dst].nlink - 1;
		drop(m, dst);
	}
	ent_remove(m, od, oi);
	if (dst < 0)
		ent_add(m, nd, nname, src);
}

static void op_rename(struct model *m, struct cfs *fs)
{
	int od = random_dir(m), nd = pick(3) ? random_dir(m) : od, oi, ni, expect, got;
	uint32_t flags = pick(4) ? 0 : 1 + pick(2);
	struct cfs_inode *o, *n;
	char oname[256], nname[256];

	random_name(oname);
	random_name(nname);
	if (m->o[od].nent && pick(8))
		strcpy(oname, m->o[od].ent[pick((uint32_t)m->o[od].nent)].name);
	if (m->o[nd].nent >= NDIRENT - 1)
		return;
	oi = find(m, od, oname);
	ni = find(m, nd, nname);
	expect = rename_expect(m, od, oi, nd, ni, flags);
	o = get(m, fs, od);
	n = get(m, fs, nd);
	got = cfs_rename(o, oname, strlen(oname), n, nname, strlen(nname), flags);
	cfs_iput(o);
	cfs_iput(n);
	if (agree("rename", got, expect) && !expect)
		rename_model(m, od, oi, nname, nd, ni, flags);
}

static void op_write(struct model *m, struct cfs *fs)
{
	int obj = random_file(m, false);
	uint32_t first, n;
	uint64_t tag[64], end;
	struct cfs_inode *ip;
	int got;

	if (obj < 0)
		return;
	first = pick(m->max_pages);
	n = 1 + pick(pick(4) ? 6 : 63);
	if (n > m->max_pages - first)
		n = m->max_pages - first;
	for (uint32_t i = 0; i < n; i++) {
		tag[i] = rnd() | 1;
		fill_page(page + (size_t)i * CFS_PAGE, tag[i]);
	}
	end = (uint64_t)(first + n) * CFS_PAGE - pick(CFS_PAGE);
	if (end > m->o[obj].size)	/* behind the end there are zeros */
		memset(page + (end - (uint64_t)first * CFS_PAGE), 0, (uint64_t)(first + n) * CFS_PAGE - end);
	ip = get(m, fs, obj);
	got = n == 1 || pick(2) ? cfs_write(ip, first, n, page, end, 0) : -1;
	if (got == -1) {
		got = cfs_reserve(fs, n);
		if (!got && (got = cfs_write(ip, first, n, page, end, CFS_CREDIT)))
			FAIL("write of reserved pages: error %d", -got);
	}
	if (got == -ENOSPC && n > 1) {	/* a part may be there: make it known again */
		struct cfs_attr a = { .size = m->o[obj].size };

		OK(cfs_punch(ip, first, n));
		OK(cfs_setattr(ip, CFS_SET_SIZE, &a));
		memset(&m->o[obj].tag[first], 0, n * 8);
	}
	if (agree("write", got, 0)) {
		for (uint32_t i = 0; i < n; i++) {
			m->o[obj].tag[first + i] = tag[i];
			m->o[obj].cut[first + i] = CFS_PAGE;
		}
		if (m->o[obj].size < end) {
			m->o[obj].size = end;
			m->o[obj].cut[first + n - 1] = (uint32_t)(end - (uint64_t)(first + n - 1) * CFS_PAGE);
		}
	}
	cfs_iput(ip);
}

static void op_truncate(struct model *m, struct cfs *fs)
{
	int obj = random_file(m, false);
	uint64_t size = pick(m->max_pages * CFS_PAGE);
	struct cfs_inode *ip;
	struct obj *o;

	if (obj < 0)
		return;
	o = &m->o[obj];
	if (!pick(4))
		size = 0;
	ip = get(m, fs, obj);
	if (agree("truncate", cfs_truncate(ip, size), 0)) {
		for (uint64_t p = (size + CFS_PAGE - 1) / CFS_PAGE; p < m->max_pages && size < o->size; p++)
			o->tag[p] = 0;
		if (size < o->size && size % CFS_PAGE && o->cut[size / CFS_PAGE] > size % CFS_PAGE)
			o->cut[size / CFS_PAGE] = size % CFS_PAGE;
		o->size = size;
	}
	cfs_iput(ip);
}

static void op_punch(struct model *m, struct cfs *fs)
{
	int obj = random_file(m, false);
	uint32_t first = pick(m->max_pages), n = 1 + pick(8);
	struct cfs_inode *ip;

	if (obj < 0)
		return;
	ip = get(m, fs, obj);
	if (agree("punch", cfs_punch(ip, first, n), 0))
		for (uint32_t p = first; p < first + n && p < m->max_pages; p++)
			m->o[obj].tag[p] = 0;
	cfs_iput(ip);
}

static void op_setattr(struct model *m, struct cfs *fs)
{
	int obj = random_file(m, true);
	struct cfs_attr a = { .mode = (uint32_t)pick(010000), .uid = pick(100) };
	struct cfs_inode *ip;

	if (obj < 0)
		return;
	ip = get(m, fs, obj);
	if (agree("setattr", cfs_setattr(ip, CFS_SET_MODE | CFS_SET_UID, &a), 0)) {
		m->o[obj].mode = (m->o[obj].mode & 0170000) | a.mode;
		m->o[obj].uid = a.uid;
	}
	cfs_iput(ip);
}

/* Opens a file or closes one; unlinked files live while open. */
static void op_open(struct model *m, struct cfs *fs)
{
	int k = (int)pick(NOPEN), obj;

	if (m->open[k]) {
		cfs_iput(m->open[k]);
		m->open[k] = NULL;
		obj = m->open_obj[k];
		m->o[obj].opens--;
		drop(m, obj);
		return;
	}
	obj = random_file(m, false);
	if (obj < 0)
		return;
	m->open[k] = get(m, fs, obj);
	m->open_obj[k] = obj;
	m->o[obj].opens++;
}

void model_close_all(struct model *m, struct cfs *fs)
{
	(void)fs;
	for (int k = 0; k < NOPEN; k++) {
		if (!m->open[k])
			continue;
		cfs_iput(m->open[k]);
		m->open[k] = NULL;
		m->o[m->open_obj[k]].opens--;
		drop(m, m->open_obj[k]);
	}
}

void model_step(struct model *m, struct cfs *fs)
{
	uint32_t k = pick(32);

	op_count[k % 16]++;
	if (k < 4)
		op_create(m, fs, S_REG);
	else if (k < 6)
		op_create(m, fs, S_DIR);
	else if (k < 7)
		op_create(m, fs, S_LNK);
	else if (k < 10)
		op_remove(m, fs, false);
	else if (k < 11)
		op_remove(m, fs, true);
	else if (k < 13)
		op_link(m, fs);
	else if (k < 17)
		op_rename(m, fs);
	else if (k < 24)
		op_write(m, fs);
	else if (k < 26)
		op_truncate(m, fs);
	else if (k < 28)
		op_punch(m, fs);
	else if (k < 30)
		op_setattr(m, fs);
	else
		op_open(m, fs);
}

static void compare_file(struct obj *o, struct cfs_inode *ip, uint32_t max_pages)
{
	for (uint32_t p = 0; p < max_pages && (uint64_t)p * CFS_PAGE < o->size; p++) {
		OK(cfs_read(ip, p, 1, page));
		fill_page(want, o->tag[p]);
		if (o->tag[p])
			memset(want + o->cut[p], 0, CFS_PAGE - o->cut[p]);
		if (memcmp(page, want, CFS_PAGE))
			FAIL("inode %llu: page %u is wrong", (unsigned long long)ip->ino, p);
	}
}

static int count_entry(void *arg, const struct cfs_dent *d)
{
	*(int *)arg += d->next > 2;
	return 0;
}

static void compare_dir(struct model *m, struct obj *o, struct cfs_inode *ip)
{
	int n = 0;

	OK(cfs_readdir(ip, 0, count_entry, &n));
	CHECK(n == o->nent);
	for (int i = 0; i < o->nent; i++) {
		uint64_t ino;

		OK(cfs_find(ip, o->ent[i].name, strlen(o->ent[i].name), &ino));
		CHECK(ino == m->o[o->ent[i].obj].ino);
	}
}

void model_compare(struct model *m, struct cfs *fs)
{
	char link[4096];

	for (int i = 0; i < NOBJ; i++) {
		struct obj *o = &m->o[i];
		struct cfs_inode *ip;

		if (!o->used)
			continue;
		ip = get(m, fs, i);
		CHECK(ip->a.mode == o->mode && ip->a.nlink == o->nlink && ip->a.uid == o->uid);
		CHECK(ip->a.size == (o->ent ? (uint64_t)o->nent : o->size));
		if (o->ent)
			compare_dir(m, o, ip);
		else if (o->tag)
			compare_file(o, ip, m->max_pages);
		else
			CHECK(cfs_readlink(ip, link, sizeof link) == (int)o->size && !memcmp(link, o->link, o->size));
		cfs_iput(ip);
	}
}
