/* SPDX-License-Identifier: MIT */
/* groupadd: makes a group. */
#include <err.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "../lib/accounts.h"

static int append(const char *line, FILE *out, void *text)
{
	return fprintf(out, "%s\n", line ? line : (char *)text) < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	char line[128];
	long gid = -1;
	int c;

	while ((c = getopt(argc, argv, "g:")) != -1) {
		if (c != 'g')
			optind = argc;
		else
			gid = strtol(optarg, NULL, 10);
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: groupadd [-g gid] name\n");
		return 2;
	}
	if (!accounts_name_ok(argv[optind]))
		errx(1, "names have letters, digits, \"_\", \"-\", \".\"");
	if (getgrnam(argv[optind]) || (gid >= 0 && getgrgid((gid_t)gid)))
		errx(1, "%s: exists already", argv[optind]);
	for (long id = 1000; gid < 0 && id < 60000; id++)
		if (!getgrgid((gid_t)id))
			gid = id;
	snprintf(line, sizeof(line), "%s:x:%ld:", argv[optind], gid);
	if (accounts_edit("/etc/group", append, line))
		err(1, "/etc/group");
	return 0;
}
