/* SPDX-License-Identifier: MIT */
/* Parsing a journal (tx.h). It is our own, but the disk may have changed it: all is checked. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"

#define TAIL	(4 + 2 * CPK_HASH + 1)		/* "end HASH\n" */

int
journal_check(const char *text, size_t len, const char **start, const char **end)
{
	size_t head = sizeof(JOURNAL_HEAD) - 1;
	uint8_t hash[CPK_HASH], said[CPK_HASH];
	char hex[CPK_HEX];

	if (len < head + TAIL || (memcmp(text, JOURNAL_HEAD, head) && memcmp(text, JOURNAL_HEAD_2, head)))
		return -EBADMSG;
	*start = text + head;
	*end = text + len - TAIL;
	if (memcmp(*end, "end ", 4) || text[len - 1] != '\n')
		return -EBADMSG;
	memcpy(hex, *end + 4, CPK_HEX - 1);
	hex[CPK_HEX - 1] = '\0';
	cpk_hash(text, len - TAIL, hash);
	if (cpk_unhex(hex, said) || memcmp(hash, said, CPK_HASH))
		return -EBADMSG;
	return 0;
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789ABCDEF", *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* Takes an escaped word that ends at a space or line end. */
static int
take_path(const char **s, const char *end, char *out, size_t max)
{
	size_t n = 0;

	while (*s < end && **s != ' ' && **s != '\n') {
		int c = (unsigned char)*(*s)++;

		if (c == '%') {
			int hi = *s < end ? hex_digit(**s) : -1;
			int lo = end - *s > 1 ? hex_digit((*s)[1]) : -1;

			if (hi < 0 || lo < 0)
				return -EBADMSG;
			c = hi << 4 | lo;
			*s += 2;
		}
		if (!c || n == max)
			return -EBADMSG;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return n ? 0 : -EBADMSG;
}

static int
take_number(const char **s, const char *end, unsigned base, unsigned *out)
{
	const char *start = *s;
	unsigned v = 0;

	for (; *s < end && **s >= '0' && **s < '0' + (char)base; (*s)++) {
		if (v > 400000000)
			return -EBADMSG;
		v = v * base + (unsigned)(**s - '0');
	}
	if (*s == start || *s == end || *(*s)++ != ' ')
		return -EBADMSG;
	*out = v;
	return 0;
}

/* What a line has between its word and its path: an octal mode, or two decimal numbers. */
static const struct {
	const char *word;
	int octal, decimal;
	bool target;
} kinds[] = {
	[STEP_DIR] = { "dir ", 1, 0, false },	[STEP_FILE] = { "file ", 0, 2, false },
	[STEP_LINK] = { "link ", 0, 0, true },	[STEP_HARD] = { "hard ", 0, 0, true },
	[STEP_MODE] = { "mode ", 1, 0, false },	[STEP_OWN] = { "own ", 0, 2, false },
	[STEP_ATTR] = { "attr ", 0, 0, true },	[STEP_DEL] = { "del ", 0, 0, false },
	[STEP_RMDIR] = { "rmdir ", 0, 0, false },	[STEP_TREE] = { "tree ", 0, 0, false },
};

static int
take_word(const char **s, const char *end, enum step_kind *kind)
{
	unsigned i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t n = strlen(kinds[i].word);

		if ((size_t)(end - *s) > n && memcmp(*s, kinds[i].word, n) == 0) {
			*s += n;
			*kind = (enum step_kind)i;
			return 0;
		}
	}
	return -EBADMSG;
}

int
journal_step(const char **s, const char *end, struct step *out)
{
	int r;

	out->a = out->b = 0;
	out->target[0] = '\0';
	if (*s == end)
		return 0;
	r = take_word(s, end, &out->kind);
	if (!r && kinds[out->kind].octal)
		r = take_number(s, end, 8, &out->a);
	if (!r && kinds[out->kind].decimal)
		r = take_number(s, end, 10, &out->a);
	if (!r && kinds[out->kind].decimal)
		r = take_number(s, end, 10, &out->b);
	if (!r)
		r = take_path(s, end, out->path, CPK_MAX_PATH);
	if (!r && kinds[out->kind].target) {
		if (*s == end || *(*s)++ != ' ')
			return -EBADMSG;
		r = take_path(s, end, out->target, sizeof(out->target) - 1);
	}
	if (!r && (cpk_path_refused(out->path) ||
	    (out->kind == STEP_HARD && cpk_path_refused(out->target)) || out->a > 4294967294u))
		r = -EBADMSG;
	if (r || *s == end || *(*s)++ != '\n')
		return -EBADMSG;
	return 1;
}
