/* SPDX-License-Identifier: MIT */
/* getgrnam, getgrgid, getgrent, getgrouplist, initgroups: groups, from /etc/group. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "accounts.h"

/* The members: pointers behind the line in buf. ERANGE when they do not fit. */
static int
members(struct group *gr, char *list, char *buf, size_t size)
{
	char *end = list + strlen(list) + 1;
	uintptr_t at = ((uintptr_t)end + sizeof(char *) - 1) & ~(uintptr_t)(sizeof(char *) - 1);
	char **v = (char **)at;
	size_t n = 0;

	gr->gr_mem = v;
	for (;;) {
		if ((uintptr_t)(v + n + 1) > (uintptr_t)(buf + size))
			return ERANGE;
		if (!*list)
			break;
		v[n++] = list;
		list = strchr(list, ',');
		if (!list)
			list = end - 1;
		else
			*list++ = '\0';
	}
	v[n] = NULL;
	return 0;
}

static int
next(FILE *f, struct group *gr, char *buf, size_t size)
{
	char *v[4];
	int r;

	do
		r = __next_account(f, buf, size, v, 4);
	while (!r && __account_id(v[2], &gr->gr_gid));
	if (r)
		return r;
	gr->gr_name = v[0];
	gr->gr_passwd = v[1];
	return members(gr, v[3], buf, size);
}

static int
find(const char *name, gid_t gid, struct group *gr, char *buf, size_t size, struct group **out)
{
	FILE *f = fopen("/etc/group", "re");
	int r;

	*out = NULL;
	if (!f)
		return errno == ENOENT ? 0 : errno;
	while (!(r = next(f, gr, buf, size)))
		if (name ? strcmp(gr->gr_name, name) == 0 : gr->gr_gid == gid) {
			*out = gr;
			break;
		}
	fclose(f);
	return r == ENOENT ? 0 : r;
}

int
getgrnam_r(const char *name, struct group *gr, char *buf, size_t size, struct group **out)
{
	return find(name, 0, gr, buf, size, out);
}

int
getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t size, struct group **out)
{
	return find(NULL, gid, gr, buf, size, out);
}

static struct group shared;
static char shared_buf[8192];
static FILE *list;

static struct group *
find_shared(const char *name, gid_t gid)
{
	struct group *out;
	int r = find(name, gid, &shared, shared_buf, sizeof(shared_buf), &out);

	if (r)
		errno = r;
	return out;
}

struct group *
getgrnam(const char *name)
{
	return find_shared(name, 0);
}

struct group *
getgrgid(gid_t gid)
{
	return find_shared(NULL, gid);
}

void
setgrent(void)
{
	if (list)
		rewind(list);
}

void
endgrent(void)
{
	if (list)
		fclose(list);
	list = NULL;
}

struct group *
fgetgrent(FILE *f)
{
	int r = next(f, &shared, shared_buf, sizeof(shared_buf));

	if (r)
		errno = r;
	return r ? NULL : &shared;
}

struct group *
getgrent(void)
{
	if (!list)
		list = fopen("/etc/group", "re");
	return list ? fgetgrent(list) : NULL;
}

int
putgrent(const struct group *gr, FILE *f)
{
	char **m;

	fprintf(f, "%s:%s:%u:", gr->gr_name, gr->gr_passwd, gr->gr_gid);
	for (m = gr->gr_mem; m && *m; m++)
		fprintf(f, "%s%s", m == gr->gr_mem ? "" : ",", *m);
	return fputc('\n', f) < 0 ? -1 : 0;
}

int
getgrouplist(const char *user, gid_t gid, gid_t *groups, int *count)
{
	FILE *f = fopen("/etc/group", "re");
	char buf[8192];
	struct group gr;
	int n = 1, room = *count, r;
	char **m;

	if (room > 0)
		groups[0] = gid;
	while (f && ((r = next(f, &gr, buf, sizeof(buf))) == 0)) {
		for (m = gr.gr_mem; *m && strcmp(*m, user); m++)
			;
		if (!*m || gr.gr_gid == gid)
			continue;
		if (n < room)
			groups[n] = gr.gr_gid;
		n++;
	}
	if (f)
		fclose(f);
	*count = n;
	return n > room ? -1 : n;
}

int
initgroups(const char *user, gid_t gid)
{
	gid_t groups[NGROUPS_MAX < 1024 ? NGROUPS_MAX : 1024];
	int n = sizeof(groups) / sizeof(*groups);

	if (getgrouplist(user, gid, groups, &n) < 0)
		n = sizeof(groups) / sizeof(*groups);
	return setgroups((size_t)n, groups);
}
