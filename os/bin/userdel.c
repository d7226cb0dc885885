/* SPDX-License-Identifier: MIT */
/* userdel: takes a user out of passwd, shadow and all groups, and removes the home with -r. */
#include <err.h>
#include <errno.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../lib/accounts.h"

static int leave_out(const char *line, FILE *out, void *name)
{
	if (!line || accounts_line_of(line, name))
		return 0;
	return fprintf(out, "%s\n", line) < 0 ? -1 : 0;
}

/* The last field of a line of /etc/group without the name. */
static void put_members(const char *list, const char *name, FILE *out)
{
	const char *sep = "";

	while (*list) {
		size_t n = strcspn(list, ",");

		if (n != strlen(name) || strncmp(list, name, n)) {
			fprintf(out, "%s%.*s", sep, (int)n, list);
			sep = ",";
		}
		list += n + (list[n] == ',');
	}
	fputc('\n', out);
}

/* Also drops the group of the same name when nobody else is in it. */
static int leave_groups(const char *line, FILE *out, void *name)
{
	const char *members = line ? strrchr(line, ':') : NULL;

	if (!line || (members && !members[1] && accounts_line_of(line, name)))
		return 0;
	if (!members)
		return fprintf(out, "%s\n", line) < 0 ? -1 : 0;
	fprintf(out, "%.*s", (int)(members + 1 - line), line);
	put_members(members + 1, name, out);
	return ferror(out) ? -1 : 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st;
	(void)flag;
	(void)f;
	if (remove(path))
		warn("%s", path);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const files[] = { "/etc/passwd", "/etc/shadow" };
	char home[256];
	struct passwd *pw;
	int c, with_home = 0;

	while ((c = getopt(argc, argv, "r")) != -1) {
		if (c != 'r')
			optind = argc;
		with_home |= c == 'r';
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: userdel [-r] name\n");
		return 2;
	}
	pw = getpwnam(argv[optind]);
	if (!pw || !pw->pw_uid)
		errx(1, "%s: %s", argv[optind], pw ? "stays" : "no such user");
	snprintf(home, sizeof(home), "%s", pw->pw_dir);
	for (int i = 0; i < 2; i++)
		if (accounts_edit(files[i], leave_out, argv[optind]))
			err(1, "%s", files[i]);
	if (accounts_edit("/etc/group", leave_groups, argv[optind]))
		err(1, "/etc/group");
	if (with_home && strlen(home) > 1 && nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		err(1, "%s", home);
	return 0;
}
