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

	if (len < head + TAIL || memcmp(text, JOURNAL_HEAD, head))
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
take_path(const char **s, const char *end, char out[CPK_MAX_PATH + 1])
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
		if (!c || n == CPK_MAX_PATH)
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
		if (v > 100000000)
			return -EBADMSG;
		v = v * base + (unsigned)(**s - '0');
	}
	if (*s == start || *s == end || *(*s)++ != ' ')
		return -EBADMSG;
	*out = v;
	return 0;
}

static const char *const words[] = { "dir ", "file ", "link ", "del ", "rmdir " };

static int
take_word(const char **s, const char *end, enum step_kind *kind)
{
	unsigned i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(end - *s) > n && memcmp(*s, words[i], n) == 0) {
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

	memset(out, 0, sizeof(*out));
	if (*s == end)
		return 0;
	r = take_word(s, end, &out->kind);
	if (!r && out->kind == STEP_FILE)
		r = take_number(s, end, 10, &out->n);
	if (!r && out->kind <= STEP_FILE)
		r = take_number(s, end, 8, &out->mode);
	if (!r)
		r = take_path(s, end, out->path);
	if (!r && out->kind == STEP_LINK) {
		if (*s == end || *(*s)++ != ' ')
			return -EBADMSG;
		r = take_path(s, end, out->target);
	}
	if (!r && cpk_path_refused(out->path))
		r = -EBADMSG;
	if (r || *s == end || *(*s)++ != '\n')
		return -EBADMSG;
	return 1;
}
