/* SPDX-License-Identifier: MIT */
/* What stands above the diff in a patch, as git format-patch and quilt write it. */
#ifndef COOK_PATCHFILE_H
#define COOK_PATCHFILE_H

#include "util.h"

struct patch_head {
	char *from, *date;		/* NULL when missing */
	char *subject;			/* without "[PATCH]"; NULL when missing */
	char *status;			/* what follows "Upstream-Status:", or NULL */
	char *message;			/* of a commit: subject, body, the status among it */
	int status_line;		/* where it is, from 1 */
	size_t diff;			/* where the first line of the diff begins */
};

/* Never fails; diff is len when there is none. */
void patch_head_read(struct patch_head *h, const char *text, size_t len);
void patch_head_free(struct patch_head *h);

/* NULL, or why the Upstream-Status is none: a constant sentence. */
const char *patch_status_refused(const char *status);

#endif
