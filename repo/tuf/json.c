/* SPDX-License-Identifier: MIT */
/* Strict JSON by Jansson, and the canonical form that signatures are over. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "local.h"
#include "tuf.h"

int
tuf_json(json_t **out, const char *data, size_t n, const char *name, struct cpk_error *err)
{
	json_error_t e;

	*out = json_loadb(data, n, JSON_REJECT_DUPLICATES, &e);
	if (*out)
		return 0;
	return cpk_fail(err, -TUF_FORMAT, "%s:%d:%d: %s", name, e.line, e.column, e.text);
}

static int print(struct cpk_buf *b, const json_t *v);

/* Only '"' and '\' are escaped; all else stands as its UTF-8. */
static void
print_string(struct cpk_buf *b, const char *s)
{
	size_t n;

	cpk_buf_add(b, "\"", 1);
	while (*s) {
		n = strcspn(s, "\"\\");
		if (n)
			cpk_buf_add(b, s, n);
		s += n;
		if (*s) {
			cpk_buf_add(b, "\\", 1);
			cpk_buf_add(b, s++, 1);
		}
	}
	cpk_buf_add(b, "\"", 1);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Members in the order of their names' bytes, which is that of their code points. */
static int
print_object(struct cpk_buf *b, const json_t *v)
{
	size_t n = json_object_size(v), i = 0;
	const char **names = calloc(n + 1, sizeof(*names)), *name;
	json_t *member;
	int r = names ? 0 : -TUF_FAIL;

	if (names) {
		json_object_foreach((json_t *)v, name, member)
			names[i++] = name;
		qsort(names, n, sizeof(*names), by_name);
	}
	cpk_buf_add(b, "{", 1);
	for (i = 0; !r && i < n; i++) {
		if (i)
			cpk_buf_add(b, ",", 1);
		print_string(b, names[i]);
		cpk_buf_add(b, ":", 1);
		r = print(b, json_object_get(v, names[i]));
	}
	cpk_buf_add(b, "}", 1);
	free(names);
	return r;
}

static int
print_array(struct cpk_buf *b, const json_t *v)
{
	size_t i;
	int r = 0;

	cpk_buf_add(b, "[", 1);
	for (i = 0; !r && i < json_array_size(v); i++) {
		if (i)
			cpk_buf_add(b, ",", 1);
		r = print(b, json_array_get(v, i));
	}
	cpk_buf_add(b, "]", 1);
	return r;
}

static int
print(struct cpk_buf *b, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:	return print_object(b, v);
	case JSON_ARRAY:	return print_array(b, v);
	case JSON_STRING:	print_string(b, json_string_value(v)); return 0;
	case JSON_INTEGER:	cpk_buf_fmt(b, "%lld", (long long)json_integer_value(v)); return 0;
	case JSON_TRUE:		cpk_buf_str(b, "true"); return 0;
	case JSON_FALSE:	cpk_buf_str(b, "false"); return 0;
	case JSON_NULL:		cpk_buf_str(b, "null"); return 0;
	default:		return -TUF_FORMAT;	/* reals have no canonical form */
	}
}

int
tuf_canonical(const json_t *v, char **out, size_t *n)
{
	struct cpk_buf b = { 0 };
	int r = print(&b, v);

	if (!r && b.bad)
		r = -TUF_FAIL;
	if (r) {
		free(b.s);
		return r;
	}
	*out = b.s;
	*n = b.n;
	return 0;
}
