/* SPDX-License-Identifier: MIT */
/* mount.c: the process's table of names: prefix -> root handle of a server. */
#include "calx.h"

/* Asks the name service for the root of a prefix; a high handle or -errno. */
static handle_t lookup(const char *prefix)
{
	struct msg m = { .w = { N_LOOKUP }, .r[0] = { (uint64_t)prefix, strlen(prefix) } };
	long err;

	if (__calx.names == H_NONE)
		return -ENOENT;
	err = __calx_call(__calx.names, &m);
	if (err < 0)
		return err;
	return m.nh ? m.h[0] : -ENOENT;
}

/* Around a change of the table. Under the lock, so these need not be one step. */
static void change(void)
{
	__atomic_store_n(&__calx.mount_seq, __calx.mount_seq + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void changed(void)
{
	__atomic_store_n(&__calx.mount_seq, __calx.mount_seq + 1, __ATOMIC_RELEASE);
}

int __mount_add(const char *prefix, handle_t h)
{
	size_t len = strcmp(prefix, "/") ? strlen(prefix) : 0;
	struct mount *m;
	int i;

	if (*prefix != '/' || len >= sizeof(m->prefix))
		return -EINVAL;
	for (i = 0; i < __calx.nmounts; i++)
		if (!strcmp(__calx.mounts[i].prefix, prefix))
			break;
	if (i == MOUNT_MAX)
		return -ENFILE;
	m = &__calx.mounts[i];
	change();
	if (i < __calx.nmounts && m->root != H_NONE && m->root != h)
		sys(SYS_handle_close, m->root);
	strlcpy(m->prefix, prefix, sizeof(m->prefix));
	m->len = len;
	m->root = h;
	if (i == __calx.nmounts)
		__calx.nmounts++;
	changed();
	return 0;
}

#define LIST_PAUSE 1000000000		/* ns between two questions for what may be new */
static int64_t listed_at;		/* under the lock */

/* Fills the table with the prefixes of the system; their roots are looked up when used. */
static void list_mounts(void)
{
	char buf[2048];
	struct msg m = { .w = { N_LIST }, .r[1] = { (uint64_t)buf, sizeof(buf) - 1 } };
	long n;

	__calx.listed = 1;
	listed_at = __calx_mono();
	n = __calx_call(__calx.names, &m);
	if (n <= 0)
		return;
	if (n > (long)sizeof(buf) - 1)
		n = sizeof(buf) - 1;
	buf[n] = 0;
	for (char *p = buf; p < buf + n; p += strlen(p) + 1) {
		int known = 0;
		for (int i = 0; i < __calx.nmounts; i++)
			known |= !strcmp(__calx.mounts[i].prefix, p);
		if (*p == '/' && !known)
			__mount_add(p, H_NONE);
	}
}

/* Whether abs is m's prefix or lies below it; short ones mostly, so byte by byte. */
static inline int lies_in(const char *abs, const struct mount *m)
{
	for (size_t i = 1; i < m->len; i++)
		if (abs[i] != m->prefix[i])
			return 0;
	return !m->len || !abs[m->len] || abs[m->len] == '/';
}

static int best_mount(const char *abs)
{
	int best = -1;

	for (int i = 0; i < __calx.nmounts; i++) {
		const struct mount *m = &__calx.mounts[i];
		if (!lies_in(abs, m))
			continue;
		if (best < 0 || m->len > __calx.mounts[best].len)
			best = i;
	}
	return best;
}

/* "/name", not "/" and not deeper. */
static int one_component(const char *abs)
{
	abs += strspn(abs, "/");
	return *abs && !strchr(abs, '/');
}

/* The root's own directory of that name may be another server's place by now. */
static int may_be_new(const char *abs, int i)
{
	return i >= 0 && !__calx.mounts[i].len && one_component(abs) && __calx.names != H_NONE
		&& __calx_mono() - listed_at > LIST_PAUSE;
}

/* What comes behind the prefix. */
static const char *rest_of(const char *abs, int i)
{
	abs += __calx.mounts[i].len;
	while (*abs == '/')
		abs++;
	return abs;
}

/* __path_root without the lock: H_NONE when it takes more than a look at the table. */
static handle_t known_root(const char *abs, const char **rest, int *slot)
{
	unsigned seq = __atomic_load_n(&__calx.mount_seq, __ATOMIC_ACQUIRE);
	handle_t root;
	int i;

	if (seq & 1 || !__calx.listed || (i = best_mount(abs)) < 0 || may_be_new(abs, i))
		return H_NONE;
	root = __calx.mounts[i].root;
	*rest = rest_of(abs, i);
	*slot = i;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&__calx.mount_seq, __ATOMIC_RELAXED) == seq ? root : H_NONE;
}

handle_t __path_root(const char *abs, const char **rest, int *slot)
{
	handle_t root = known_root(abs, rest, slot);
	int i;

	if (root != H_NONE)
		return root;
	__calx_lock();
	if (!__calx.listed && __calx.names != H_NONE)
		list_mounts();
	i = best_mount(abs);
	if (may_be_new(abs, i)) {
		list_mounts();
		i = best_mount(abs);
	}
	root = i < 0 ? -ENOENT : __calx.mounts[i].root;
	if (i >= 0 && root == H_NONE) {
		root = lookup(__calx.mounts[i].prefix);
		if (root >= 0)
			__mount_add(__calx.mounts[i].prefix, root);
	}
	if (i >= 0)
		*rest = rest_of(abs, i);
	*slot = i;
	__calx_unlock();
	return root;
}

int __mount_again(const char *abs, int slot)
{
	int now = slot;

	if (__calx.names == H_NONE || __calx.mounts[slot].len)
		return 0;
	__calx_lock();
	if (__calx_mono() - listed_at > LIST_PAUSE) {
		list_mounts();
		now = best_mount(abs);
	}
	__calx_unlock();
	return now != slot;
}

handle_t __path_server(const char *prefix, int *slot)
{
	const char *rest;
	handle_t root = __path_root(prefix, &rest, slot);

	if (root >= 0 && *rest && __calx.names != H_NONE) {
		__calx_lock();
		list_mounts();		/* it may have come after we asked */
		__calx_unlock();
		root = __path_root(prefix, &rest, slot);
	}
	return root >= 0 && *rest ? -ENOENT : root;
}

int __mount_renew(int slot)
{
	handle_t h;

	__calx_lock();
	h = lookup(__calx.mounts[slot].prefix);
	if (h >= 0)
		__mount_add(__calx.mounts[slot].prefix, h);
	__calx_unlock();
	return h < 0 ? h : 0;
}

/* Public, for system programs: the current handles behind names. They stay libc's. */
int __calx_root(const char *prefix)
{
	int slot;

	return __path_server(prefix, &slot);
}

int __calx_names(void)
{
	return __calx.names;
}

int __calx_procd(void)
{
	return __calx.procd;
}
