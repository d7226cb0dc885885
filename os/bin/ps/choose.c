/* SPDX-License-Identifier: MIT */
/* ps: which processes are printed. */
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include "ps.h"

struct rule {
	struct rule *next;
	enum what what;
	uint32_t id;
	char tty[24];
};

static struct rule *rules;
static int all, with_terminal, no_leaders;

/* A number, or -1. */
static int64_t number(const char *s)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(s, &end, 10);
	return *s < '0' || *s > '9' || *end || errno || n > UINT32_MAX ? -1 : (int64_t)n;
}

static uint32_t number_or_die(const char *s, const char *what)
{
	int64_t n = number(s);

	if (n < 0)
		errx(2, "%s: not a %s", s, what);
	return (uint32_t)n;
}

static uint32_t user_id(const char *s)
{
	const struct passwd *pw = getpwnam(s);

	return pw ? pw->pw_uid : number_or_die(s, "user");
}

static uint32_t group_id(const char *s)
{
	const struct group *gr = getgrnam(s);

	return gr ? gr->gr_gid : number_or_die(s, "group");
}

/* POSIX: "tty04", or "04" for it; the folder may be written out. */
static void set_tty(struct rule *r, const char *s)
{
	if (!strncmp(s, "/dev/", 5))
		s += 5;
	if (strlen(s) >= sizeof(r->tty))
		errx(2, "%s: not a terminal", s);
	strcpy(r->tty, s);
}

static void add(enum what what, const char *item)
{
	struct rule *r = calloc(1, sizeof(*r));

	if (!r)
		err(2, "no memory");
	r->what = what;
	if (what == BY_TTY)
		set_tty(r, item);
	else if (what == BY_USER)
		r->id = user_id(item);
	else if (what == BY_GROUP)
		r->id = group_id(item);
	else
		r->id = number_or_die(item, "process id");
	r->next = rules;
	rules = r;
}

void choose(enum what what, const char *list)
{
	char *copy = strdup(list), *rest = copy, *item;

	if (!copy)
		err(2, "no memory");
	while ((item = strsep(&rest, ", \t")) != NULL)
		if (*item)
			add(what, item);
	free(copy);
}

void choose_letter(int letter)
{
	all |= letter == 'A' || letter == 'e';
	with_terminal |= letter == 'a';
	no_leaders |= letter == 'd';
}

static int has_tty(const struct row *r, const char *name)
{
	const char *is = tty_name(r->tty);

	return !strcmp(is, name) || (!strncmp(is, "tty", 3) && !strcmp(is + 3, name));
}

static int matches(const struct rule *u, const struct row *r)
{
	switch (u->what) {
	case BY_PID:
		return r->pid == u->id;
	case BY_SESSION:
		return r->sid == u->id;
	case BY_USER:
		return r->uid == u->id;
	case BY_GROUP:
		return r->gid == u->id;
	default:
		return has_tty(r, u->tty);
	}
}

int chosen(const struct row *r, const struct row *self)
{
	const struct rule *u;

	if (!rules && !all && !with_terminal && !no_leaders)
		return r->uid == self->uid && r->tty == self->tty;
	if (all || (with_terminal && r->tty) || (no_leaders && r->sid != r->pid))
		return 1;
	for (u = rules; u && !matches(u, r); u = u->next)
		;
	return u != NULL;
}
