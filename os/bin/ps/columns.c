/* SPDX-License-Identifier: MIT */
/* ps: the columns, by the names that POSIX gives them and some usual ones. */
#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "ps.h"

#define MAX_COLUMNS 40

struct kind {
	const char *name, *header;
	int width;		/* negative: at the left */
	void (*text)(const struct row *r, char *buf, size_t n);
};

struct column { const struct kind *kind; const char *header; int width; };

static struct column columns[MAX_COLUMNS];
static unsigned ncolumns;

#define NUMBER(NAME, VALUE) \
	static void NAME(const struct row *r, char *buf, size_t n) { snprintf(buf, n, "%lu", (unsigned long)(VALUE)); }

NUMBER(pid, r->pid)
NUMBER(ppid, r->ppid)
NUMBER(pgid, r->pgid)
NUMBER(sid, r->sid)
NUMBER(uid, r->uid)
NUMBER(gid, r->gid)
NUMBER(vsz, r->info.vm_size >> 10)
NUMBER(rss, r->info.vm_rss >> 10)
NUMBER(threads, r->info.nthread)

static void user(const struct row *r, char *buf, size_t n)
{
	const struct passwd *pw = getpwuid(r->uid);

	if (pw)
		snprintf(buf, n, "%s", pw->pw_name);
	else
		uid(r, buf, n);
}

static void group(const struct row *r, char *buf, size_t n)
{
	const struct group *gr = getgrgid(r->gid);

	if (gr)
		snprintf(buf, n, "%s", gr->gr_name);
	else
		gid(r, buf, n);
}

static void state(const struct row *r, char *buf, size_t n)
{
	snprintf(buf, n, "%c", "STZ"[r->state % 3]);
}

static void tty(const struct row *r, char *buf, size_t n)
{
	snprintf(buf, n, "%s", tty_name(r->tty));
}

static void nice_value(const struct row *r, char *buf, size_t n)
{
	snprintf(buf, n, "%d", getpriority(PRIO_PROCESS, r->pid));
}

/* POSIX: [dd-]hh:mm:ss */
static void cpu_time(const struct row *r, char *buf, size_t n)
{
	unsigned long s = (unsigned long)((r->info.ns_user + r->info.ns_sys) / 1000000000), days = s / 86400;
	char day[24] = "";

	if (days)
		snprintf(day, sizeof(day), "%lu-", days);
	snprintf(buf, n, "%s%02lu:%02lu:%02lu", day, s / 3600 % 24, s / 60 % 60, s % 60);
}

static void name(const struct row *r, char *buf, size_t n)
{
	snprintf(buf, n, "%s%s", r->info.name, r->state % 3 == 2 ? " <defunct>" : "");
}

/* A name in brackets where the arguments are not known: a server of the boot archive. */
static void args(const struct row *r, char *buf, size_t n)
{
	const char *text = row_args(r->pid);

	if (*text)
		snprintf(buf, n, "%s", text);
	else
		snprintf(buf, n, "[%s]%s", r->info.name, r->state % 3 == 2 ? " <defunct>" : "");
}

static const struct kind kinds[] = {
	{ "pid", "PID", 5, pid }, { "ppid", "PPID", 5, ppid }, { "pgid", "PGID", 5, pgid }, { "sid", "SID", 5, sid },
	{ "sess", "SESS", 5, sid }, { "uid", "UID", 5, uid }, { "gid", "GID", 5, gid }, { "user", "USER", -8, user },
	{ "ruser", "RUSER", -8, user }, { "group", "GROUP", -8, group }, { "rgroup", "RGROUP", -8, group },
	{ "nice", "NI", 3, nice_value }, { "ni", "NI", 3, nice_value }, { "vsz", "VSZ", 7, vsz },
	{ "rss", "RSS", 6, rss }, { "nlwp", "NLWP", 4, threads }, { "tty", "TT", -8, tty }, { "state", "S", 1, state },
	{ "s", "S", 1, state }, { "stat", "STAT", -4, state }, { "time", "TIME", 8, cpu_time },
	{ "comm", "COMMAND", -15, name }, { "args", "COMMAND", -27, args }, { "cmd", "CMD", -27, args },
	{ "command", "COMMAND", -27, args },
};

static const struct kind *kind_of(const char *s)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, s))
			return &kinds[i];
	fprintf(stderr, "ps: %s: no such column; there are", s);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		fprintf(stderr, " %s", kinds[i].name);
	fprintf(stderr, "\n");
	exit(2);
}

static void add(const char *s, const char *header)
{
	struct column *c = &columns[ncolumns++];
	int len;

	if (ncolumns == MAX_COLUMNS)
		errx(2, "more than %d columns", MAX_COLUMNS - 1);
	c->kind = kind_of(s);
	c->header = header ? header : c->kind->header;
	c->width = c->kind->width;
	len = (int)strlen(c->header);
	if (len > abs(c->width))
		c->width = c->width < 0 ? -len : len;
}

/* POSIX: a header takes all that follows its '=', commas too. */
void columns_add(const char *format)
{
	char *copy = strdup(format), *rest = copy, *item, *header;

	if (!copy)
		err(2, "no memory");
	while (rest && *rest) {
		rest += strspn(rest, ", \t");
		header = strchr(rest, '=');
		item = strpbrk(rest, ", \t");
		if (header && (!item || header < item)) {
			*header++ = 0;
			add(rest, header);	/* the copy stays for the header's sake */
			return;
		}
		item = strsep(&rest, ", \t");
		if (*item)
			add(item, NULL);
	}
	free(copy);
}

/* The last column is as long as its text. */
static void put(unsigned i, const char *text)
{
	if (i + 1 == ncolumns && columns[i].width < 0)
		printf("%s\n", text);
	else
		printf("%*s%c", columns[i].width, text, i + 1 == ncolumns ? '\n' : ' ');
}

/* No line of headers when all are empty. */
void print_header(void)
{
	unsigned i;

	for (i = 0; i < ncolumns && !*columns[i].header; i++)
		;
	if (i == ncolumns)
		return;
	for (i = 0; i < ncolumns; i++)
		put(i, columns[i].header);
}

void print_row(const struct row *r)
{
	char buf[CMDLINE_MAX + 64];

	for (unsigned i = 0; i < ncolumns; i++) {
		columns[i].kind->text(r, buf, sizeof(buf));
		put(i, buf);
	}
}
