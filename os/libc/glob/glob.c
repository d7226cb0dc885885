/* SPDX-License-Identifier: MIT */
/* glob: path names that match a pattern, component by component. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATHLEN	4096

struct search {
	glob_t *g;
	int flags;
	int (*errfn)(const char *, int);
	char path[PATHLEN];
};

static int
add(glob_t *g, const char *path, int mark)
{
	size_t n = strlen(path), at = g->gl_offs + g->gl_pathc;
	char **v, *copy;

	v = realloc(g->gl_pathv, (at + 2) * sizeof(*v));
	if (!v)
		return GLOB_NOSPACE;
	g->gl_pathv = v;
	copy = malloc(n + 2);
	if (!copy)
		return GLOB_NOSPACE;
	memcpy(copy, path, n + 1);
	if (mark && (!n || path[n - 1] != '/'))
		strcpy(copy + n, "/");
	v[at] = copy;
	v[at + 1] = NULL;
	g->gl_pathc++;
	return 0;
}

static int
call_stat(struct search *s, struct stat *st, int follow)
{
	if (s->flags & GLOB_ALTDIRFUNC)
		return (follow ? s->g->gl_stat : s->g->gl_lstat)(s->path, st);
	return follow ? stat(s->path, st) : lstat(s->path, st);
}

/* The pattern is used up: is there such a file? */
static int
finish(struct search *s)
{
	struct stat st;
	int dir;

	if (call_stat(s, &st, 0))
		return 0;
	dir = S_ISDIR(st.st_mode) || (S_ISLNK(st.st_mode) && call_stat(s, &st, 1) == 0 &&
			S_ISDIR(st.st_mode));
	if (s->flags & GLOB_ONLYDIR && !dir)
		return 0;
	return add(s->g, s->path, dir && s->flags & GLOB_MARK);
}

static int
magic(const char *p, size_t n, int flags)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] == '\\' && !(flags & GLOB_NOESCAPE))
			i++;
		else if (strchr("*?[", p[i]))
			return 1;
	}
	return 0;
}

static int walk(struct search *s, size_t len, const char *p);

/* A component without magic: taken as it is, escapes removed. */
static int
plain(struct search *s, size_t len, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] == '\\' && !(s->flags & GLOB_NOESCAPE) && i + 1 < n)
			i++;
		if (len + 1 >= PATHLEN)
			return 0;
		s->path[len++] = p[i];
	}
	s->path[len] = '\0';
	return walk(s, len, p + n);
}

static void *
open_dir(struct search *s, size_t len)
{
	const char *name = len ? s->path : ".";

	s->path[len] = '\0';
	return s->flags & GLOB_ALTDIRFUNC ? s->g->gl_opendir(name) : opendir(name);
}

static struct dirent *
read_dir(struct search *s, void *d)
{
	return s->flags & GLOB_ALTDIRFUNC ? s->g->gl_readdir(d) : readdir(d);
}

static void
close_dir(struct search *s, void *d)
{
	if (s->flags & GLOB_ALTDIRFUNC)
		s->g->gl_closedir(d);
	else
		closedir(d);
}

/* A component with magic: every name of the folder that matches. */
static int
each(struct search *s, size_t len, const char *p, size_t n)
{
	int fl = (s->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0) |
		(s->flags & GLOB_PERIOD ? 0 : FNM_PERIOD);
	char *pattern = strndup(p, n);
	struct dirent *e;
	void *d;
	int r = 0;

	if (!pattern)
		return GLOB_NOSPACE;
	d = open_dir(s, len);
	if (!d) {
		free(pattern);
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		if ((s->errfn && s->errfn(s->path, errno)) || s->flags & GLOB_ERR)
			return GLOB_ABORTED;
		return 0;
	}
	while (!r && (e = read_dir(s, d))) {
		size_t l = strlen(e->d_name);

		if (fnmatch(pattern, e->d_name, fl) || len + l + 1 >= PATHLEN)
			continue;
		if (p[n] && e->d_type && e->d_type != DT_DIR && e->d_type != DT_LNK)
			continue;
		memcpy(s->path + len, e->d_name, l + 1);
		r = walk(s, len + l, p + n);
	}
	close_dir(s, d);
	free(pattern);
	return r;
}

/* path[0..len) is matched; p is what is left of the pattern. */
static int
walk(struct search *s, size_t len, const char *p)
{
	size_t n;

	while (*p == '/') {
		if (len + 1 >= PATHLEN)
			return 0;
		s->path[len++] = *p++;
	}
	s->path[len] = '\0';
	if (!*p)
		return finish(s);
	n = strcspn(p, "/");
	return magic(p, n, s->flags) ? each(s, len, p, n) : plain(s, len, p, n);
}

/* ~ and ~user at the head, replaced: a fresh string, or NULL when there is no such home. */
static char *
tilde(const char *p)
{
	size_t n = strcspn(p, "/");
	const char *home = NULL;
	char user[64], *out;
	struct passwd *pw;

	if (n == 1)
		home = getenv("HOME");
	if (!home && n - 1 < sizeof(user)) {
		memcpy(user, p + 1, n - 1);
		user[n - 1] = '\0';
		pw = n == 1 ? getpwuid(getuid()) : getpwnam(user);
		home = pw ? pw->pw_dir : NULL;
	}
	if (!home)
		return NULL;
	out = malloc(strlen(home) + strlen(p + n) + 1);
	if (out)
		strcat(strcpy(out, home), p + n);
	return out;
}

/* The pattern without braces: runs the search. */
static int
search(struct search *s, const char *pattern)
{
	size_t before = s->g->gl_pathc;
	char *home = NULL;
	int r;

	if (s->flags & (GLOB_TILDE | GLOB_TILDE_CHECK) && *pattern == '~') {
		home = tilde(pattern);
		if (!home && s->flags & GLOB_TILDE_CHECK)
			return GLOB_NOMATCH;
	}
	r = *pattern ? walk(s, 0, home ? home : pattern) : 0;
	free(home);
	if (!r && s->g->gl_pathc == before)
		r = GLOB_NOMATCH;
	return r;
}

/* The '}' that closes the '{' at p and the commas of its level; NULL: it is no brace expression. */
static const char *
brace_end(const char *p, const char *stop)
{
	int depth = 0;

	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '{')
			depth++;
		else if (*p == '}' && --depth == 0)
			return p;
		else if (*p == ',' && depth == 1 && stop && p > stop)
			return p;
	}
	return NULL;
}

static int
braces(struct search *s, const char *pattern)
{
	const char *open = strchr(pattern, '{'), *close, *p, *q;
	int r, any = GLOB_NOMATCH;
	char *one;

	if (!(s->flags & GLOB_BRACE) || !open || !(close = brace_end(open, NULL)) || close == open + 1)
		return search(s, pattern);
	for (p = open; p < close; p = q) {
		q = brace_end(open, p);
		one = malloc(strlen(pattern) + 1);
		if (!one)
			return GLOB_NOSPACE;
		memcpy(one, pattern, (size_t)(open - pattern));
		memcpy(one + (open - pattern), p + 1, (size_t)(q - p - 1));
		strcpy(one + (open - pattern) + (q - p - 1), close + 1);
		r = braces(s, one);
		free(one);
		if (r && r != GLOB_NOMATCH)
			return r;
		if (!r)
			any = 0;
	}
	return any;
}

static int
by_name(const void *a, const void *b)
{
	return strcoll(*(char *const *)a, *(char *const *)b);
}

/* No file matched: the pattern itself, where that was asked for. */
static int
nothing(glob_t *g, const char *pattern, int flags)
{
	char *plain, *to;

	if (!(flags & GLOB_NOCHECK) &&
	    !(flags & GLOB_NOMAGIC && !magic(pattern, strlen(pattern), flags)))
		return GLOB_NOMATCH;
	plain = to = strdup(pattern);
	if (!plain)
		return GLOB_NOSPACE;
	if (!(flags & GLOB_NOCHECK)) {
		for (; *pattern; pattern++) {
			if (*pattern == '\\' && pattern[1] && !(flags & GLOB_NOESCAPE))
				pattern++;
			*to++ = *pattern;
		}
		*to = '\0';
	}
	if (add(g, plain, 0)) {
		free(plain);
		return GLOB_NOSPACE;
	}
	free(plain);
	return 0;
}

int
glob(const char *restrict pattern, int flags, int (*errfn)(const char *, int), glob_t *restrict g)
{
	struct search *s;
	size_t before, i;
	int r;

	if (!(flags & GLOB_DOOFFS))
		g->gl_offs = 0;
	if (!(flags & GLOB_APPEND)) {
		g->gl_pathc = 0;
		g->gl_pathv = calloc(g->gl_offs + 1, sizeof(*g->gl_pathv));
		if (!g->gl_pathv)
			return GLOB_NOSPACE;
		for (i = 0; i <= g->gl_offs; i++)
			g->gl_pathv[i] = NULL;
	}
	s = malloc(sizeof(*s));
	if (!s)
		return GLOB_NOSPACE;
	s->g = g;
	s->flags = flags;
	s->errfn = errfn;
	before = g->gl_pathc;
	r = braces(s, pattern);
	free(s);
	g->gl_flags = flags;
	if (r == GLOB_NOMATCH)
		r = nothing(g, pattern, flags);
	if (!(flags & GLOB_NOSORT) && g->gl_pathc > before)
		qsort(g->gl_pathv + g->gl_offs + before, g->gl_pathc - before,
				sizeof(*g->gl_pathv), by_name);
	return r;
}

void
globfree(glob_t *g)
{
	size_t i;

	for (i = 0; i < g->gl_pathc; i++)
		free(g->gl_pathv[g->gl_offs + i]);
	free(g->gl_pathv);
	g->gl_pathv = NULL;
	g->gl_pathc = 0;
}
