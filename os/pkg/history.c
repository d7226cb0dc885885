/* SPDX-License-Identifier: MIT */
/* Reading and writing the history of transactions (history.h). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "history.h"
#include "local.h"

static int
by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

int
history_numbers(struct pkg *k, unsigned **v, size_t *n)
{
	int fd = openat(k->rootfd, DB_HISTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	*v = NULL;
	*n = 0;
	while (d && (e = readdir(d))) {
		char *end;
		unsigned long x = strtoul(e->d_name, &end, 10);
		unsigned *w;

		if (*end || !x || x > 1000000000)
			continue;
		w = realloc(*v, (*n + 1) * sizeof(*w));
		if (!w)
			break;
		*v = w;
		w[(*n)++] = (unsigned)x;
	}
	if (d)
		closedir(d);
	if (*n)
		qsort(*v, *n, sizeof(**v), by_number);
	return 0;
}

static struct event *
add(struct entry *e, char sign, const char *name)
{
	struct event *v = realloc(e->v, (e->nv + 1) * sizeof(*v));

	if (!v)
		return NULL;
	e->v = v;
	v += e->nv++;
	memset(v, 0, sizeof(*v));
	v->sign = sign;
	v->name = strdup(name);
	return v->name ? v : NULL;
}

/* "NAME VERSION HASH" */
static int
parse_package(struct entry *e, char sign, char *s)
{
	char *save, *name = strtok_r(s, " ", &save), *version = strtok_r(NULL, " ", &save);
	char *hex = strtok_r(NULL, " ", &save);
	struct event *v;

	if (!hex || !cpk_name_ok(name) || strlen(version) > CPK_MAX_VERSION + 8)
		return -EBADMSG;
	v = add(e, sign, name);
	if (!v || !(v->version = strdup(version)))
		return -ENOMEM;
	return cpk_unhex(hex, v->hash) ? -EBADMSG : 0;
}

static int
parse_relation(struct entry *e, char sign, const char *s)
{
	struct cpk_dep d;

	if (cpk_dep_parse(&d, s))
		return -EBADMSG;
	return add(e, sign, s) ? 0 : -ENOMEM;
}

static int
parse_line(struct entry *e, char *s)
{
	char *end;

	if (strncmp(s, "time ", 5) == 0) {
		e->time = strtoll(s + 5, &end, 10);
		return *end || end == s + 5 ? -EBADMSG : 0;
	}
	if (strncmp(s, "command ", 8) == 0 && !e->command)
		return (e->command = strdup(s + 8)) ? 0 : -ENOMEM;
	if (strncmp(s, "+ ", 2) == 0 || strncmp(s, "- ", 2) == 0)
		return parse_package(e, *s, s + 2);
	if (strncmp(s, "world- ", 7) == 0 || strncmp(s, "world+ ", 7) == 0)
		return parse_relation(e, s[5] == '-' ? 'r' : 'a', s + 7);
	return -EBADMSG;
}

int
history_parse(struct entry *e, const char *text, size_t len)
{
	static const char head[] = "calx-history 1\n", tail[] = "\nend\n";
	char *copy, *s, *save;
	int r = 0;

	memset(e, 0, sizeof(*e));
	if (len < sizeof(head) + 3 || memcmp(text, head, sizeof(head) - 1) ||
	    memcmp(text + len - 5, tail, 5) || memchr(text, '\0', len))
		return -EBADMSG;
	copy = strndup(text + sizeof(head) - 1, len - (sizeof(head) - 1) - 4);
	if (!copy)
		return -ENOMEM;
	for (s = strtok_r(copy, "\n", &save); !r && s; s = strtok_r(NULL, "\n", &save))
		r = parse_line(e, s);
	free(copy);
	if (!r && !e->command)
		r = -EBADMSG;
	if (r)
		history_free(e);
	return r;
}

int
history_read(struct pkg *k, unsigned n, struct entry *e)
{
	char path[CPK_MAX_PATH + 1], *text;
	size_t len;
	int r;

	snprintf(path, sizeof(path), DB_HISTORY "/%u", n);
	r = slurp(k->rootfd, path, 1 << 26, &text, &len);
	if (r == -ENOENT)
		return fail(ST_USAGE, "there is no transaction %u in the history", n);
	if (r)
		return fail(ST_IO, "/%s: %s", path, strerror(-r));
	r = history_parse(e, text, len);
	free(text);
	if (r)
		return fail(ST_DAMAGED, "/%s: is damaged", path);
	e->n = n;
	return 0;
}

void
history_free(struct entry *e)
{
	size_t i;

	for (i = 0; i < e->nv; i++) {
		free(e->v[i].name);
		free(e->v[i].version);
	}
	free(e->v);
	free(e->command);
	memset(e, 0, sizeof(*e));
}

static void
put_package(struct cpk_buf *b, char sign, const struct cpk_manifest *m, const uint8_t *hash)
{
	char hex[CPK_HEX];

	cpk_hex(hash, hex);
	cpk_buf_fmt(b, "%c %s %s-%u %s\n", sign, m->name, m->version, m->release, hex);
}

/* The manifest of what goes is kept: its hash names it. */
static int
keep_manifest(struct change *c, struct cpk_buf *b, const struct installed *old)
{
	uint8_t hash[CPK_HASH];
	char *text;
	size_t n;
	int r;

	if (cpk_manifest_print(&old->m, &text, &n))
		return fail(ST_FAIL, "out of memory");
	cpk_hash(text, n, hash);
	put_package(b, '-', &old->m, hash);
	r = store_put(&c->tx, text, n, hash);
	free(text);
	return r;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lists of relations are sorted. */
static bool
has(const struct cpk_list *l, const char *s)
{
	return l->n && bsearch(&s, l->v, l->n, sizeof(*l->v), by_text);
}

static void
put_world(struct cpk_buf *b, const struct cpk_list *old, const struct cpk_list *new)
{
	size_t i;

	for (i = 0; i < old->n; i++)
		if (!has(new, old->v[i]))
			cpk_buf_fmt(b, "world- %s\n", old->v[i]);
	for (i = 0; i < new->n; i++)
		if (!has(old, new->v[i]))
			cpk_buf_fmt(b, "world+ %s\n", new->v[i]);
}

static int
put_packages(struct change *c, struct cpk_buf *b)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < c->plan->nadd; i++)
		if (c->plan->add[i].old)
			r = keep_manifest(c, b, c->plan->add[i].old);
	for (i = 0; !r && i < c->plan->ndel; i++)
		r = keep_manifest(c, b, c->plan->del[i]);
	for (i = 0; !r && i < c->n; i++)
		put_package(b, '+', c->in[i].m, c->in[i].hash);
	return r;
}

/* The clock; images that are to come out the same each time set SOURCE_DATE_EPOCH. */
static long long
now(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");

	return fixed ? strtoll(fixed, NULL, 10) : (long long)time(NULL);
}

int
history_write(struct change *c)
{
	struct cpk_buf b = { 0 };
	char path[CPK_MAX_PATH + 1];
	struct staged s;
	unsigned *v, last = 0;
	size_t n;
	int r = history_numbers(c->k, &v, &n);

	if (r)
		return r;
	if (n)
		last = v[n - 1];
	free(v);
	cpk_buf_fmt(&b, "calx-history 1\ntime %lld\ncommand %.1000s\n", now(),
			c->k->command ? c->k->command : "?");
	r = put_packages(c, &b);
	put_world(&b, &c->k->world, &c->plan->world);
	cpk_buf_str(&b, "end\n");
	snprintf(path, sizeof(path), DB_HISTORY "/%u", last + 1);
	if (!r && b.bad)
		r = fail(ST_FAIL, "out of memory");
	if (!r)
		r = make_dirs(c->k->rootfd, DB_HISTORY, 0755);
	if (!r)
		r = tx_stage_fresh(&c->tx, b.s, b.n, 0644, &s);
	if (!r)
		r = tx_file(&c->tx, s, path);
	free(b.s);
	return r;
}
