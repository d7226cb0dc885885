/* SPDX-License-Identifier: MIT */
/*
 * walk.c: from a path to the server that has it.
 *
 * The process's current directory is kept as text without links, so "." and a leading ".." need no
 * server. A ".." behind another component may follow a link, thus the part before it is opened and
 * asked for its path. Servers walk the rest; they answer F_REDIRECT for what leaves their tree.
 */
#include <fcntl.h>
#include "calx.h"
#include "../../internal/thread.h"

/*
 * What one walk may still do: redirects in all, and walks for a ".." inside each other (a link to
 * "/dir/../link" needs one, and itself again when link is its name). A level takes 12 KiB of stack.
 */
struct budget { int redirects, depth; };
#define BUDGET { 40, 8 }

static long path_call(int dirfd, const char *path, int empty_ok, struct msg *m, struct path_out *out, struct budget *b);

/* The length of path; *dotdot: some component of it is "..". Every open and stat comes here. */
static size_t scan(const char *path, int *dotdot)
{
	size_t n = strlen(path);
	const char *end = path + n, *p = path;

	*dotdot = 0;
	for (; (p = memchr(p, '.', end - p)); p++)
		if (p[1] == '.' && (p == path || p[-1] == '/') && (!p[2] || p[2] == '/'))
			*dotdot = 1;
	return n;
}

/* The absolute path of an open directory. */
static int path_of(handle_t h, char *abs)
{
	struct msg m = { .w = { F_PATH }, .r[1] = { (uint64_t)abs, PATH_MAX - 1 } };
	long n = __calx_call(h, &m);

	if (n < 0)
		return n;
	if (n >= PATH_MAX)
		return -ENAMETOOLONG;
	abs[n] = 0;
	return *abs == '/' ? 0 : -EIO;
}

/* Replaces abs by the path without links of the directory it names. */
static int canonical(char *abs, struct budget *b)
{
	struct msg m = { .w = { F_OPEN, O_PATH | O_DIRECTORY }, .hflags = H_CLOEXEC };
	long err;

	if (!b->depth)
		return -ELOOP;
	b->depth--;
	err = path_call(AT_FDCWD, abs, 0, &m, 0, b);
	b->depth++;
	if (err < 0)
		return err;
	if (!m.nh)
		return -EIO;
	err = path_of(m.h[0], abs);
	sys(SYS_handle_close, m.h[0]);
	return err;
}

static int append(char *abs, const char *name, size_t len)
{
	size_t n = strlen(abs);

	if (n == 1)
		n = 0;
	if (n + 1 + len >= PATH_MAX)
		return -ENAMETOOLONG;
	abs[n++] = '/';
	memcpy(abs + n, name, len);
	abs[n + len] = 0;
	return 0;
}

static void pop(char *abs)
{
	char *slash = strrchr(abs, '/');

	slash[slash == abs] = 0;
}

static int absolute(int dirfd, const char *path, char *abs, struct budget *b)
{
	int err = 0, plain = 1;		/* plain: abs has no links */
	size_t len;

	if (*path == '/')
		strcpy(abs, "/");
	else if (dirfd == AT_FDCWD)
		strcpy(abs, __calx.cwd);
	else
		err = path_of(dirfd, abs);
	for (; !err && *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && path[0] == '.'))
			continue;
		if (len != 2 || path[0] != '.' || path[1] != '.') {
			err = append(abs, path, len);
			plain = 0;
			continue;
		}
		if (!plain)
			err = canonical(abs, b);
		plain = 1;
		if (!err)
			pop(abs);
	}
	return err;
}

int __path_absolute(int dirfd, const char *path, char *abs)
{
	struct budget b = BUDGET;
	return absolute(dirfd, path, abs, &b);
}

/*
 * The absolute text of path, with a trailing slash or "/." kept as a slash: then the last component
 * must be a directory and links are followed.
 */
static int make_absolute(int dirfd, const char *path, char *abs, struct budget *b)
{
	int err, dir, dotdot;
	size_t n, len;

	while (path[0] == '/' && path[1] == '/')	/* servers' prefixes have one */
		path++;
	n = scan(path, &dotdot);
	if (n >= PATH_MAX)
		return -ENAMETOOLONG;
	if (*path == '/' && !dotdot) {
		memcpy(abs, path, n + 1);
		return 0;
	}
	dir = n && (path[n - 1] == '/' || (n > 1 && path[n - 1] == '.' && path[n - 2] == '/'));
	err = absolute(dirfd, path, abs, b);
	if (err || !dir)
		return err;
	len = strlen(abs);
	if (len > 1 && len + 1 < PATH_MAX)
		memcpy(abs + len, "/", 2);
	return 0;
}

/* m as it was before an answer came into it. */
static void restore(struct msg *m, const struct msg *first)
{
	struct msg_range path = m->r[0];

	*m = *first;
	m->r[0] = path;
}

/*
 * One message; again, as it was first (but for the path in range 0), when only a signal came between.
 * A cancellation ends it.
 */
static long send(handle_t h, struct msg *m, const struct msg *first)
{
	int died = 0;
	long r;

	while (((r = sys_cp(SYS_call, h, m)) == -EINTR && !(__self()->cp && __self()->cancel)) ||
	    (r == -EDEADSERVER && died++ < CALL_TRIES))
		restore(m, first);
	return r;
}

/*
 * Sends m for an absolute path. Again once when the server had died, or when the root has no such
 * name but another server has come since its prefix was asked for.
 */
static long call_absolute(const char *abs, struct msg *m, const struct msg *first)
{
	const char *rest;
	int slot;
	long r = -EIO;

	for (int try = 0; try < 2; try++) {
		handle_t root = __path_root(abs, &rest, &slot);
		if (root < 0)
			return root;
		if (try)
			*m = *first;
		m->r[0] = (struct msg_range){ (uint64_t)rest, strlen(rest) };
		r = send(root, m, first);
		if (r == -EDEADSERVER ? __mount_renew(slot) : r != -ENOENT || !__mount_again(abs, slot))
			break;
	}
	return r == -EDEADSERVER ? -EIO : r;
}

/* Relative to an open directory, when no ".." is in the way. */
static long call_relative(int dirfd, const char *path, struct msg *m, const struct msg *first)
{
	m->r[0] = (struct msg_range){ (uint64_t)path, strlen(path) };
	long r = send(dirfd, m, first);
	return r == -EDEADSERVER ? -EIO : r;
}

/*
 * May another server's prefix lie on this path, relative to some directory? Only the first component
 * is looked at: it would have to be one of a prefix.
 */
static int may_cross(const char *path)
{
	size_t len;

	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	len = strcspn(path, "/");
	for (int i = 0; i < __calx.nmounts; i++)
		for (const char *p = __calx.mounts[i].prefix; *p; p += strcspn(p, "/")) {
			p += strspn(p, "/");
			if (strcspn(p, "/") == len && !strncmp(p, path, len))
				return 1;
		}
	return 0;
}

static long first_call(int dirfd, const char *path, char *abs, struct msg *m, const struct msg *first, struct budget *b)
{
	int err, dotdot;

	if (*path != '/' && dirfd != AT_FDCWD) {
		size_t n = scan(path, &dotdot);
		if (!dotdot && !may_cross(path))
			return n < PATH_MAX ? call_relative(dirfd, path, m, first) : -ENAMETOOLONG;
	}
	err = make_absolute(dirfd, path, abs, b);
	return err ? err : call_absolute(abs, m, first);
}

static long follow(long r, char *abs, char *out, struct msg *m, const struct msg *first, struct budget *b)
{
	while (r == -F_REDIRECT) {
		size_t n = m->w[1];
		char to[PATH_MAX];
		int err;

		if (b->redirects-- <= 0)
			return -ELOOP;
		if (n >= PATH_MAX)
			return -ENAMETOOLONG;
		memcpy(to, out, n);
		to[n] = 0;
		err = make_absolute(AT_FDCWD, to, abs, b);
		if (err)
			return err;
		*m = *first;
		r = call_absolute(abs, m, first);
	}
	return r;
}

static long path_call(int dirfd, const char *path, int empty_ok, struct msg *m, struct path_out *out, struct budget *b)
{
	char abs[PATH_MAX], answer[PATH_MAX];
	struct msg first;
	long r;

	if (!path)
		return -EFAULT;
	m->r[1] = (struct msg_range){ (uint64_t)answer, sizeof(answer) };
	first = *m;
	if (*path)
		r = first_call(dirfd, path, abs, m, &first, b);
	else if (!empty_ok)
		return -ENOENT;
	else if (dirfd == AT_FDCWD)
		r = first_call(dirfd, ".", abs, m, &first, b);
	else
		r = call_relative(dirfd, "", m, &first);
	r = follow(r, abs, answer, m, &first, b);
	if (r >= 0 && out)
		memcpy(out->buf, answer, out->len < sizeof(answer) ? out->len : sizeof(answer));
	return r;
}

long __path_call(int dirfd, const char *path, int empty_ok, struct msg *m, struct path_out *out)
{
	struct budget b = BUDGET;
	return path_call(dirfd, path, empty_ok, m, out, &b);
}

/* Resolves links in all but the last component of abs, so that no server needs to redirect. */
static int resolve_parent(int dirfd, const char *path, char *abs)
{
	char name[NAME_MAX + 1], *slash;
	struct budget b = BUDGET;
	int err = *path ? absolute(dirfd, path, abs, &b) : -ENOENT;
	size_t n = strlen(path);

	if (err)
		return err;
	slash = strrchr(abs, '/');
	if (strlen(slash + 1) > NAME_MAX)
		return -ENAMETOOLONG;
	strcpy(name, slash + 1);
	if (slash != abs) {
		*slash = 0;
		err = canonical(abs, &b);
		if (err)
			return err;
		err = append(abs, name, strlen(name));
	}
	if (!err && n > 1 && path[n - 1] == '/')
		strlcat(abs, "/", PATH_MAX);
	return err;
}

static long call2(const char *a1, const char *a2, struct msg *m)
{
	const char *r1, *r2;
	char both[2 * PATH_MAX], answer[PATH_MAX];
	struct msg first = *m;
	int s1, s2;
	long r = -EIO;

	for (int try = 0; try < 2; try++) {
		handle_t h1 = __path_root(a1, &r1, &s1), h2 = __path_root(a2, &r2, &s2);
		if (h1 < 0 || h2 < 0)
			return h1 < 0 ? h1 : h2;
		if (s1 != s2)
			return -EXDEV;
		size_t n1 = strlen(r1), n2 = strlen(r2);
		memcpy(both, r1, n1 + 1);
		memcpy(both + n1 + 1, r2, n2);
		first.h[0] = h2;
		first.nh = 1;
		first.r[1] = (struct msg_range){ (uint64_t)answer, sizeof(answer) };
		*m = first;
		m->r[0] = (struct msg_range){ (uint64_t)both, n1 + 1 + n2 };
		r = send(h1, m, &first);
		if (r != -EDEADSERVER || __mount_renew(s1))
			break;
	}
	return r == -EDEADSERVER ? -EIO : r == -F_REDIRECT ? -EXDEV : r;
}

long __path_link(handle_t file, int d2, const char *p2, struct msg *m)
{
	char a2[PATH_MAX], both[1 + PATH_MAX];
	struct msg first;
	const char *rest;
	int slot, err = resolve_parent(d2, p2, a2);
	long r;

	if (err)
		return err;
	m->h[0] = __path_root(a2, &rest, &slot);
	if (m->h[0] < 0)
		return m->h[0];
	m->nh = 1;
	both[0] = 0;
	strcpy(both + 1, rest);
	m->r[0] = (struct msg_range){ (uint64_t)both, 1 + strlen(rest) };
	first = *m;
	r = send(file, m, &first);
	return r == -EDEADSERVER ? -EIO : r == -F_REDIRECT || r == -ENOTTY ? -EXDEV : r;
}

long __path_call2(int d1, const char *p1, int d2, const char *p2, struct msg *m)
{
	char a1[PATH_MAX], a2[PATH_MAX];
	int err = resolve_parent(d1, p1, a1);

	if (!err)
		err = resolve_parent(d2, p2, a2);
	return err ? err : call2(a1, a2, m);
}
