/* SPDX-License-Identifier: MIT */
/* Members of the archive in a package: tar.c finds them, read.c compares them with the manifest. */
#ifndef CPK_TAR_H
#define CPK_TAR_H

#include "cpk.h"

#define CPK_PAX_KEY	1024		/* bytes of a key of an extended header */

struct cpk_member {
	char type;			/* '0' file, '1' hard link, '2' link, '5' folder, or another */
	unsigned mode;
	uint64_t size;
	char path[CPK_MAX_PATH + 2], link[CPK_MAX_PATH + 1];	/* a folder's path may end in '/' */
	char owner[CPK_MAX_NAME + 1], group[CPK_MAX_NAME + 1];
	char *pax;			/* its extended header, or NULL */
	size_t npax;
	const char *why;		/* it is refused */
};

/* The next member: 1, 0 when all is read, -EBADMSG and m->why. Its content is ahead in u. */
int cpk_tar_next(struct cpk_unzip *u, struct cpk_member *m);
void cpk_member_clear(struct cpk_member *m);

/* member.c: it has the path of the row (a folder's with a slash at its end); why it differs, or NULL. */
int cpk_member_is(const struct cpk_member *m, const struct cpk_file *f);
const char *cpk_member_differs(const struct cpk_member *m, const struct cpk_file *f);

/* The next record of an extended header: 1, 0 at its end, -EBADMSG. */
int cpk_pax_record(const char **s, const char *end, char key[CPK_PAX_KEY], const char **value,
		size_t *n);

#endif
