/* SPDX-License-Identifier: MIT */
/* Rows as text or as JSON (out.h). One writer at a time: the state is the file's. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "out.h"

static size_t rows, fields;

static void
json_string(const char *s)
{
	putchar('"');
	for (; s && *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ' || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* What comes before a field's value. */
static void
key(const struct pkg *k, const char *name)
{
	if (!k->json) {
		if (fields++)
			putchar('\t');
		return;
	}
	fputs(fields++ ? ", " : rows ? ",\n{" : "\n{", stdout);
	json_string(name);
	fputs(": ", stdout);
}

void
out_begin(const struct pkg *k)
{
	rows = fields = 0;
	if (k->json)
		putchar('[');
}

void
out_row(const struct pkg *k)
{
	putchar(k->json ? '}' : '\n');
	fields = 0;
	rows++;
}

void
out_end(const struct pkg *k)
{
	if (k->json)
		fputs(rows ? "\n]\n" : "]\n", stdout);
}

void
out_str(const struct pkg *k, const char *name, const char *value)
{
	key(k, name);
	if (k->json)
		json_string(value);
	else
		fputs(value ? value : "", stdout);
}

void
out_num(const struct pkg *k, const char *name, uint64_t value)
{
	key(k, name);
	printf("%" PRIu64, value);
}

void
out_more(const struct pkg *k, const char *name, const char *value)
{
	if (k->json && value)
		out_str(k, name, value);
}

void
out_more_num(const struct pkg *k, const char *name, uint64_t value)
{
	if (k->json)
		out_num(k, name, value);
}

void
out_list(const struct pkg *k, const char *name, const struct cpk_list *l)
{
	size_t i;

	if (!k->json)
		return;
	key(k, name);
	putchar('[');
	for (i = 0; i < l->n; i++) {
		if (i)
			fputs(", ", stdout);
		json_string(l->v[i]);
	}
	putchar(']');
}

void
out_flag(const struct pkg *k, const char *name, bool value)
{
	if (!k->json)
		return;
	key(k, name);
	fputs(value ? "true" : "false", stdout);
}

void
out_text(const struct pkg *k, const char *fmt, ...)
{
	va_list ap;

	if (k->json)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}
