/* SPDX-License-Identifier: MIT */
/* pkg history, rollback, pin, unpin. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "history.h"
#include "out.h"

static void
print_entry(const struct pkg *k, const struct entry *e)
{
	size_t i, in = 0, out = 0;
	char when[64], summary[64];
	time_t t = (time_t)e->time;

	for (i = 0; i < e->nv; i++) {
		in += e->v[i].sign == '+';
		out += e->v[i].sign == '-';
	}
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", gmtime(&t));
	snprintf(summary, sizeof(summary), "%zu in, %zu out", in, out);
	out_num(k, "number", e->n);
	out_str(k, "time", when);
	out_str(k, "packages", summary);
	out_str(k, "command", e->command);
	out_row(k);
}

static void
print_events(const struct pkg *k, const struct entry *e)
{
	static const char *const words[] = { "out", "in", "no longer asked", "asked" };
	size_t i;

	for (i = 0; i < e->nv; i++) {
		const char *signs = "-+ra";

		out_str(k, "event", words[strchr(signs, e->v[i].sign) - signs]);
		out_str(k, "name", e->v[i].name);
		out_str(k, "version", e->v[i].version);
		out_row(k);
	}
}

static int
one_entry(struct pkg *k, unsigned n, void (*print)(const struct pkg *, const struct entry *))
{
	struct entry e;
	int r = history_read(k, n, &e);

	if (r)
		return r;
	print(k, &e);
	history_free(&e);
	return 0;
}

static int
number(const char *s, unsigned *n)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	*n = (unsigned)v;
	return *s >= '0' && *s <= '9' && !*end && v <= 1000000000 ? 0 :
		fail(ST_USAGE, "%s: is not a number of 'pkg history'", s);
}

int
cmd_history(struct pkg *k, int argc, char **argv)
{
	unsigned *v, n;
	size_t i, count;
	int r = argc > 2 ? fail(ST_USAGE, "history takes one number at most") : db_open(k, false);

	if (!r && argc == 2)
		r = number(argv[1], &n);
	if (!r)
		r = history_numbers(k, &v, &count);
	if (r)
		return r;
	out_begin(k);
	if (argc == 2)
		r = one_entry(k, n, print_events);
	for (i = 0; argc == 1 && !r && i < count; i++)
		r = one_entry(k, v[i], print_entry);
	out_end(k);
	free(v);
	return r;
}

/* What a name was in the state that is wanted. */
struct past {
	char *name;
	bool present;
	uint8_t hash[CPK_HASH];
};

struct pasts {
	struct past *v;
	size_t n;
};

static int
set_past(struct pasts *s, const struct event *e)
{
	struct past *v = s->v;
	size_t i;

	for (i = 0; i < s->n && strcmp(s->v[i].name, e->name); i++)
		;
	if (i == s->n) {
		v = realloc(s->v, (s->n + 1) * sizeof(*v));
		if (!v)
			return -ENOMEM;
		s->v = v;
		memset(&v[i], 0, sizeof(*v));
		v[i].name = strdup(e->name);
		if (!v[i].name)
			return -ENOMEM;
		s->n++;
	}
	v[i].present = e->sign == '-';
	memcpy(v[i].hash, e->hash, CPK_HASH);
	return 0;
}

/* Undoes one entry: first what came, then what was there before. */
static int
undo(struct pkg *k, unsigned n, struct pasts *s, struct cpk_list *world)
{
	struct entry e;
	struct cpk_dep d;
	size_t i;
	int r = history_read(k, n, &e), bad = 0;

	if (r)
		return r;
	for (i = 0; i < e.nv; i++)
		if (e.v[i].sign == '+')
			bad |= set_past(s, &e.v[i]);
	for (i = 0; i < e.nv; i++) {
		if (e.v[i].sign == '-')
			bad |= set_past(s, &e.v[i]);
		else if (e.v[i].sign == 'a' && cpk_dep_parse(&d, e.v[i].name) == 0)
			bad |= relation_set(world, d.name, NULL);
	}
	for (i = 0; i < e.nv; i++)
		if (e.v[i].sign == 'r' && cpk_dep_parse(&d, e.v[i].name) == 0)
			bad |= relation_set(world, d.name, e.v[i].name);
	history_free(&e);
	return bad ? fail(ST_FAIL, "out of memory") : 0;
}

static bool
is_now(const struct installed *inst, const uint8_t hash[CPK_HASH])
{
	uint8_t now[CPK_HASH];
	char *text;
	size_t n;

	if (!inst || cpk_manifest_print(&inst->m, &text, &n))
		return false;
	cpk_hash(text, n, now);
	free(text);
	return memcmp(now, hash, CPK_HASH) == 0;
}

static int
add_past(struct pkg *k, struct plan *p, const struct past *was, const struct installed *inst)
{
	struct plan_item *a = &p->add[p->nadd];
	char path[CPK_MAX_PATH + 1], *text;
	struct cpk_error err;
	size_t n;
	int r;

	store_path(was->hash, path);
	r = slurp(k->rootfd, path, CPK_MAX_TEXT, &text, &n);
	if (r)
		return fail(ST_DAMAGED, "/%s: %s: the former %s cannot be brought back", path,
				strerror(-r), was->name);
	r = cpk_manifest_parse(&p->kept[p->nkept], text, n, path, &err);
	free(text);
	if (r || strcmp(p->kept[p->nkept].name, was->name) ||
	    cpk_package_from(&p->kept_p[p->nkept], &p->kept[p->nkept]))
		return fail(ST_DAMAGED, "/%s", r ? err.text : path);
	a->p = &p->kept_p[p->nkept];
	a->kept = &p->kept[p->nkept++];
	a->old = inst;
	p->nadd++;
	return 0;
}

static int
plan_past(struct pkg *k, const struct pasts *s, struct plan *p)
{
	size_t i;
	int r = 0;

	p->add = calloc(s->n + 1, sizeof(*p->add));
	p->del = calloc(s->n + 1, sizeof(*p->del));
	p->kept = calloc(s->n + 1, sizeof(*p->kept));
	p->kept_p = calloc(s->n + 1, sizeof(*p->kept_p));
	if (!p->add || !p->del || !p->kept || !p->kept_p)
		return fail(ST_FAIL, "out of memory");
	for (i = 0; !r && i < s->n; i++) {
		const struct installed *inst = db_find(k, s->v[i].name);

		if (!s->v[i].present && inst)
			p->del[p->ndel++] = inst;
		else if (s->v[i].present && !is_now(inst, s->v[i].hash))
			r = add_past(k, p, &s->v[i], inst);
	}
	return r;
}

static int
plan_rollback(struct pkg *k, unsigned to, const unsigned *v, size_t n, struct plan *p)
{
	struct pasts s = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; i < k->world.n; i++)
		if (cpk_list_add(&p->world, k->world.v[i]))
			r = fail(ST_FAIL, "out of memory");
	for (i = n; !r && i-- > 0 && v[i] > to;)
		r = undo(k, v[i], &s, &p->world);
	if (!r)
		r = plan_past(k, &s, p);
	for (i = 0; i < s.n; i++)
		free(s.v[i].name);
	free(s.v);
	return r;
}

/* To the state after transaction N, or to that before the last one. */
int
cmd_rollback(struct pkg *k, int argc, char **argv)
{
	struct plan p = { 0 };
	unsigned *v = NULL, to = 0;
	size_t n = 0;
	int r = argc > 2 ? fail(ST_USAGE, "rollback takes one number at most") : open_all(k, false);

	if (!r)
		r = history_numbers(k, &v, &n);
	if (!r && !n)
		r = fail(ST_USAGE, "there is no history to go back in");
	if (!r && argc == 2)
		r = number(argv[1], &to);
	else if (!r)
		to = v[n - 1] - 1;
	if (!r && (to >= v[n - 1] || to + 1 < v[0]))
		r = fail(ST_USAGE, "there is no way back to %u: 'pkg history' lists what there is", to);
	if (!r)
		r = plan_rollback(k, to, v, n, &p);
	if (!r)
		show_plan(k, &p);
	if (!r && !k->dry_run)
		r = change(k, &p);
	free(v);
	plan_free(&p);
	return r;
}

static int
write_pins(struct pkg *k)
{
	char *text = calloc(1, k->pins.n * (CPK_MAX_NAME + CPK_MAX_VERSION + 32) + 1);
	size_t i, n = 0;
	int r;

	if (!text)
		return fail(ST_FAIL, "out of memory");
	for (i = 0; i < k->pins.n; i++)
		n += (size_t)sprintf(text + n, "%s\n", k->pins.v[i]);
	r = spill(k->rootfd, DB_PINS, text, n);
	free(text);
	return r ? fail(ST_IO, "/%s: %s", DB_PINS, strerror(-r)) : 0;
}

static void
print_pins(const struct pkg *k)
{
	size_t i;

	out_begin(k);
	for (i = 0; i < k->pins.n; i++) {
		out_str(k, "pin", k->pins.v[i]);
		out_row(k);
	}
	out_end(k);
}

/* A name alone is held at the version that is installed. */
static int
set_pin(struct pkg *k, const char *text)
{
	char relation[CPK_MAX_NAME + CPK_MAX_VERSION + 32];
	const struct installed *inst;
	struct cpk_dep d;

	if (cpk_dep_parse(&d, text) || !cpk_name_ok(d.name))
		return fail(ST_USAGE, "%s: is not 'NAME' or 'NAME OP VERSION'", text);
	inst = db_find(k, d.name);
	if (!*d.op && !inst)
		return fail(ST_SOLVE, "%s: is not installed; 'NAME OP VERSION' pins what is not", text);
	if (*d.op)
		snprintf(relation, sizeof(relation), "%s", text);
	else
		snprintf(relation, sizeof(relation), "%s = %s-%u", d.name, inst->m.version,
				inst->m.release);
	return relation_set(&k->pins, d.name, relation) ? fail(ST_FAIL, "out of memory") : 0;
}

int
cmd_pin(struct pkg *k, int argc, char **argv)
{
	int a, r = db_open(k, argc > 1);

	if (!r && argc == 1)
		print_pins(k);
	for (a = 1; !r && a < argc; a++)
		r = set_pin(k, argv[a]);
	if (!r && argc > 1)
		r = write_pins(k);
	if (!r && argc > 1 && k->json)
		print_pins(k);
	return r;
}

int
cmd_unpin(struct pkg *k, int argc, char **argv)
{
	int a, r = argc < 2 ? fail(ST_USAGE, "unpin takes names") : db_open(k, true);

	for (a = 1; !r && a < argc; a++)
		if (!relation_of(&k->pins, argv[a]))
			r = fail(ST_SOLVE, "%s: is not pinned", argv[a]);
		else if (relation_set(&k->pins, argv[a], NULL))
			r = fail(ST_FAIL, "out of memory");
	if (!r)
		r = write_pins(k);
	if (!r && k->json)
		print_pins(k);
	return r;
}
