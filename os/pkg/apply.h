/* SPDX-License-Identifier: MIT */
/* Reading a journal and doing its steps: shared by tx.c, apply.c and the fuzzer. */
#ifndef APPLY_H
#define APPLY_H

#include "tx.h"

#define JOURNAL_HEAD	"calx-journal 3\n"
#define JOURNAL_HEAD_2	"calx-journal 2\n"	/* the same without trees: of the pkg before */
#define JOURNAL_MAX	(256u << 20)

enum step_kind { STEP_DIR, STEP_FILE, STEP_LINK, STEP_HARD, STEP_MODE, STEP_OWN, STEP_ATTR, STEP_DEL,
	STEP_RMDIR, STEP_TREE };

struct step {
	enum step_kind kind;
	unsigned a, b;			/* mode; D and N; uid and gid */
	char path[CPK_MAX_PATH + 1];
	char target[2 * CPK_MAX_VALUE + 300];
};

/* 0 when text is a whole journal; *start and *end bound its steps. -EBADMSG else. */
int journal_check(const char *text, size_t len, const char **start, const char **end);

/* Takes one step from *s: 1, 0 at the end, -EBADMSG. */
int journal_step(const char **s, const char *end, struct step *out);

#endif
