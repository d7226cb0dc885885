/* SPDX-License-Identifier: MIT */
/*
 * Parses documents from standard input (each a little-endian 32-bit length and that
 * many bytes) and answers each by a line: JSON of what was read, or "refused".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../cookbook/toml.h"

static void
put_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < ' ' || c == '"' || c == '\\' || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
put(const struct toml *t)
{
	size_t i;

	if (t->type == TOML_STRING)
		put_string(t->str);
	else if (t->type == TOML_INTEGER)
		printf("%" PRId64, t->num);
	else if (t->type == TOML_BOOLEAN)
		fputs(t->num ? "true" : "false", stdout);
	else {
		putchar(t->type == TOML_ARRAY ? '[' : '{');
		for (i = 0; i < t->nkids; i++) {
			if (i)
				putchar(',');
			if (t->type == TOML_TABLE) {
				put_string(t->kid[i]->key);
				putchar(':');
			}
			put(t->kid[i]);
		}
		putchar(t->type == TOML_ARRAY ? ']' : '}');
	}
}

int
main(void)
{
	unsigned char len[4];

	while (fread(len, 1, 4, stdin) == 4) {
		size_t n = len[0] | len[1] << 8 | len[2] << 16 | (size_t)len[3] << 24;
		char *text = malloc(n ? n : 1);
		struct toml_error err;
		struct toml *t;

		if (!text || fread(text, 1, n, stdin) != n)
			return 1;
		t = toml_parse(text, n, &err);
		if (t)
			put(t);
		else if (err.line < 1 || err.col < 1 || !err.text[0])
			abort();
		else
			fputs("refused", stdout);
		putchar('\n');
		fflush(stdout);
		toml_free(t);
		free(text);
	}
	return 0;
}
