/* SPDX-License-Identifier: MIT */
/* useradd: makes a user, with a group of the same name unless another is given, and a home. */
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../lib/accounts.h"

#define FIRST_ID 1000
#define LAST_ID	60000

static struct {
	const char *name, *comment, *home, *shell, *groups;
	long uid, gid;
} user = { .comment = "", .shell = "/bin/sh", .uid = -1, .gid = -1 };

static int append(const char *line, FILE *out, void *text)
{
	return fprintf(out, "%s\n", line ? line : (char *)text) < 0 ? -1 : 0;
}

static void add_line(const char *file, const char *text)
{
	if (accounts_edit(file, append, (void *)text))
		err(1, "%s", file);
}

/* Adds the name to the member lists of the groups in user.groups. */
static int join(const char *line, FILE *out, void *arg)
{
	size_t n = line ? strcspn(line, ":") : 0;
	const char *g = user.groups;

	(void)arg;
	if (!line)
		return 0;
	for (; *g; g += strcspn(g, ","), g += *g == ',')
		if (strcspn(g, ",") == n && !strncmp(g, line, n))
			return fprintf(out, "%s%s%s\n", line, line[strlen(line) - 1] == ':' ? "" : ",", user.name) < 0 ? -1 : 0;
	return fprintf(out, "%s\n", line) < 0 ? -1 : 0;
}

static long group_id(const char *text)
{
	struct group *g = getgrnam(text);
	char *end;
	long id = strtol(text, &end, 10);

	if (g)
		return g->gr_gid;
	if (*end || !getgrgid((gid_t)id))
		errx(1, "%s: no such group", text);
	return id;
}

static void check_groups(void)
{
	char *list = strdup(user.groups), *save, *g;

	for (g = strtok_r(list, ",", &save); g; g = strtok_r(NULL, ",", &save))
		if (!getgrnam(g))
			errx(1, "%s: no such group", g);
	free(list);
}

static void choose_ids(void)
{
	char line[128];

	for (long id = FIRST_ID; user.uid < 0 && id < LAST_ID; id++)
		if (!getpwuid((uid_t)id) && (user.gid >= 0 || !getgrgid((gid_t)id)))
			user.uid = id;
	if (user.uid < 0)
		errx(1, "no number is free");
	if (user.gid >= 0)
		return;
	if (getgrnam(user.name))
		errx(1, "there is a group %s already; use -g", user.name);
	user.gid = user.uid;
	snprintf(line, sizeof(line), "%s:x:%ld:", user.name, user.gid);
	add_line("/etc/group", line);
}

static void make_home(void)
{
	if (mkdir(user.home, 0700) && errno != EEXIST)
		err(1, "%s", user.home);
	if (chown(user.home, (uid_t)user.uid, (gid_t)user.gid))
		err(1, "%s", user.home);
}

static void options(int argc, char **argv, int *home)
{
	int c;

	while ((c = getopt(argc, argv, "c:d:g:G:ms:u:")) != -1) {
		switch (c) {
		case 'c': user.comment = optarg; break;
		case 'd': user.home = optarg; break;
		case 'g': user.gid = group_id(optarg); break;
		case 'G': user.groups = optarg; break;
		case 'm': *home = 1; break;
		case 's': user.shell = optarg; break;
		case 'u': user.uid = strtol(optarg, NULL, 10); break;
		default: optind = argc;
		}
	}
	if (optind + 1 == argc) {
		user.name = argv[optind];
		return;
	}
	fprintf(stderr, "usage: useradd [-m] [-c comment] [-d home] [-g group] [-G group,...] [-s shell] [-u uid] name\n");
	exit(2);
}

static int has_colon(const char *s)
{
	return s && strpbrk(s, ":\n");
}

int main(int argc, char **argv)
{
	char line[1024], dir[64];
	int home = 0;

	options(argc, argv, &home);
	if (!accounts_name_ok(user.name) || has_colon(user.comment) || has_colon(user.home) || has_colon(user.shell))
		errx(1, "names have letters, digits, \"_\", \"-\", \".\"; other fields no colons");
	if (getpwnam(user.name))
		errx(1, "%s: exists already", user.name);
	if (user.uid >= 0 && getpwuid((uid_t)user.uid))
		errx(1, "%ld: belongs to %s", user.uid, getpwuid((uid_t)user.uid)->pw_name);
	if (user.groups)
		check_groups();
	choose_ids();
	if (!user.home) {
		snprintf(dir, sizeof(dir), "/home/%s", user.name);
		user.home = dir;
	}
	snprintf(line, sizeof(line), "%s:!::0:99999:7:::", user.name);
	add_line("/etc/shadow", line);
	snprintf(line, sizeof(line), "%s:x:%ld:%ld:%s:%s:%s", user.name, user.uid, user.gid, user.comment, user.home, user.shell);
	add_line("/etc/passwd", line);
	if (user.groups && accounts_edit("/etc/group", join, NULL))
		err(1, "/etc/group");
	if (home)
		make_home();
	return 0;
}
