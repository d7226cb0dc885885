/* SPDX-License-Identifier: MIT */
/* Names, versions, relations and paths: what is accepted, and how versions are ordered. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "local.h"

static int
all_of(const char *s, size_t max, const char *more, int upper)
{
	size_t i;

	for (i = 0; s[i]; i++) {
		if (i >= max)
			return 0;
		if ((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'z'))
			continue;
		if (upper && s[i] >= 'A' && s[i] <= 'Z')
			continue;
		if (i == 0 || !strchr(more, s[i]))
			return 0;
	}
	return i > 0;
}

int
cpk_name_ok(const char *name)
{
	return all_of(name, CPK_MAX_NAME, "+._-", 0);
}

int
cpk_version_ok(const char *version)
{
	return all_of(version, CPK_MAX_VERSION, ".+~_", 1);
}

/* Relations may also name what is found by itself: "so:libz.so.1", "cmd:[", "pc:zlib". */
static int
dep_name_ok(const char *name)
{
	const char *c = strchr(name, ':');

	if (!c)
		return cpk_name_ok(name);
	if (strncmp(name, "so:", 3) && strncmp(name, "pc:", 3) && strncmp(name, "cmd:", 4))
		return 0;
	for (c++; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("/<=>\"\\", *c))
			return 0;
	return c[-1] != ':';
}

static int
evr_ok(const char *s)
{
	char v[CPK_MAX_VERSION + 1];
	const char *dash = strrchr(s, '-');
	size_t n = dash ? (size_t)(dash - s) : strlen(s);

	if (n > CPK_MAX_VERSION)
		return 0;
	memcpy(v, s, n);
	v[n] = '\0';
	if (!cpk_version_ok(v))
		return 0;
	if (!dash)
		return 1;
	n = strlen(dash + 1);
	return n >= 1 && n <= 6 && strspn(dash + 1, "0123456789") == n;
}

static int
word(const char **s, char *out, size_t size)
{
	size_t n = strcspn(*s, " ");

	if (n == 0 || n >= size)
		return -EINVAL;
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n;
	if (**s == ' ')
		(*s)++;
	return 0;
}

int
cpk_dep_parse(struct cpk_dep *d, const char *s)
{
	memset(d, 0, sizeof(*d));
	if (word(&s, d->name, sizeof(d->name)) < 0 || !dep_name_ok(d->name))
		return -EINVAL;
	if (!*s)
		return s[-1] == ' ' ? -EINVAL : 0;
	if (word(&s, d->op, sizeof(d->op)) < 0 ||
	    (strcmp(d->op, "=") && strcmp(d->op, "<") && strcmp(d->op, ">") &&
	     strcmp(d->op, "<=") && strcmp(d->op, ">=")))
		return -EINVAL;
	if (word(&s, d->version, sizeof(d->version)) < 0 || *s || s[-1] == ' ')
		return -EINVAL;
	return evr_ok(d->version) ? 0 : -EINVAL;
}

/* Compares two runs of digits of any length by their number. */
static int
cmp_digits(const char *a, size_t na, const char *b, size_t nb)
{
	while (na && *a == '0')
		a++, na--;
	while (nb && *b == '0')
		b++, nb--;
	if (na != nb)
		return na < nb ? -1 : 1;
	return memcmp(a, b, na);
}

static int
cmp_letters(const char *a, size_t na, const char *b, size_t nb)
{
	int c = memcmp(a, b, na < nb ? na : nb);

	return c ? c : (na > nb) - (na < nb);
}

static size_t
run(const char *s, const char *end, int (*is)(int))
{
	size_t n = 0;

	while (s + n < end && is((unsigned char)s[n]))
		n++;
	return n;
}

static const char *
skip_marks(const char *s, const char *end)
{
	while (s < end && !isalnum((unsigned char)*s) && *s != '~')
		s++;
	return s;
}

/* One step of the comparison with both at a run; moves both past it. */
static int
cmp_run(const char **a, const char *ae, const char **b, const char *be)
{
	int digits = isdigit((unsigned char)**a) != 0;
	int (*is)(int) = digits ? isdigit : isalpha;
	size_t na = run(*a, ae, is), nb = run(*b, be, is);
	int c;

	if (nb == 0)
		return digits ? 1 : -1;
	c = digits ? cmp_digits(*a, na, *b, nb) : cmp_letters(*a, na, *b, nb);
	*a += na;
	*b += nb;
	return c;
}

static int
cmp_part(const char *a, const char *ae, const char *b, const char *be)
{
	for (;;) {
		int ta, tb, c;

		a = skip_marks(a, ae);
		b = skip_marks(b, be);
		ta = a < ae && *a == '~';
		tb = b < be && *b == '~';
		if (ta != tb)
			return ta ? -1 : 1;
		if (ta) {
			a++;
			b++;
			continue;
		}
		if (a == ae || b == be)
			return (a < ae) - (b < be);
		c = cmp_run(&a, ae, &b, be);
		if (c)
			return c;
	}
}

int
cpk_version_cmp(const char *a, const char *b)
{
	const char *ad = strrchr(a, '-'), *bd = strrchr(b, '-');
	const char *ae = ad ? ad : a + strlen(a), *be = bd ? bd : b + strlen(b);
	int c = cmp_part(a, ae, b, be);

	if (c || !ad || !bd)
		return c;
	return cmp_part(ad + 1, ad + strlen(ad), bd + 1, bd + strlen(bd));
}

const char *
cpk_path_refused(const char *path)
{
	const char *p = path;
	size_t n;

	if (!*path)
		return "empty path";
	if (*path == '/')
		return "absolute path";
	if (strnlen(path, CPK_MAX_PATH + 1) > CPK_MAX_PATH)
		return "path too long";
	for (;; p += n + 1) {
		n = strcspn(p, "/");
		if (n == 0)
			return "empty component in path";
		if (n > CPK_MAX_COMP)
			return "component of path too long";
		if ((n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return "'.' or '..' in path";
		if (!p[n])
			break;
	}
	for (p = path; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "control character in path";
	return NULL;
}

const char *
cpk_link_refused(const char *path, const char *target)
{
	const char *p;
	size_t n, depth = 0;

	if (!*target)
		return "empty link target";
	if (*target == '/')
		return "absolute link target";
	if (strnlen(target, CPK_MAX_PATH + 1) > CPK_MAX_PATH)
		return "link target too long";
	for (p = path; *p; p++)
		depth += *p == '/';
	for (p = target; *p; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 0 || (n == 1 && p[0] == '.'))
			continue;
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			if (depth-- == 0)
				return "link target leaves the root";
		} else {
			depth++;
		}
	}
	for (p = target; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "control character in link target";
	return NULL;
}
