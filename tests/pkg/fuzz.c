/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what pkg and repo parse: index, payload of index.signed, signed file, journal, history, and
 * merges. The first byte chooses. What parses must print to the same bytes again.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "history.h"

static void
index_text(const char *data, size_t n)
{
	struct cpk_index x;
	struct cpk_error err;
	char *text;
	size_t len;

	if (cpk_index_parse(&x, data, n, "fuzz", &err))
		return;
	if (cpk_index_print(&x, &text, &len))
		abort();
	if (len != n || memcmp(text, data, n))
		abort();
	free(text);
	cpk_index_free(&x);
}

static void
root_text(const char *data, size_t n)
{
	struct cpk_root r;
	struct cpk_error err;
	char *text;
	size_t len;

	if (cpk_root_parse(&r, data, n, "fuzz", &err))
		return;
	if (cpk_root_print(&r, &text, &len))
		abort();
	free(text);
}

static void
signed_file(const char *data, size_t n)
{
	static struct cpk_keys keys;
	struct cpk_error err;
	const char *payload;
	size_t len;

	if (cpk_signed_check(&keys, data, n, "fuzz", &payload, &len, &err) == 0)
		abort();	/* no key is known: nothing may pass */
}

static void
history(const char *data, size_t n)
{
	struct entry e;

	if (history_parse(&e, data, n))
		return;
	history_free(&e);
}

/* Three texts of a third each. What both agree on, and what one alone changed, must come out. */
static void
merge(const char *data, size_t n)
{
	size_t third = n / 3, len;
	char *out;

	if (merge3(data, third, data + third, third, data + 2 * third, third, &out, &len) == 0)
		free(out);
	if (memchr(data, '\0', 2 * third))
		return;
	if (merge3(data, third, data, third, data + third, third, &out, &len) || len != third ||
	    memcmp(out, data + third, third))
		abort();
	free(out);
	if (merge3(data, third, data + third, third, data, third, &out, &len) || len != third ||
	    memcmp(out, data + third, third))
		abort();
	free(out);
}

static void
journal(const char *data, size_t n)
{
	struct step step;
	const char *s = data, *start, *end;

	if (journal_check(data, n, &start, &end) == 0)
		s = start;
	while (journal_step(&s, data + n, &step) > 0)
		if (cpk_path_refused(step.path))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const parse[])(const char *, size_t) = { index_text, root_text, signed_file,
		journal, history, merge };
	char *copy;

	if (n < 1)
		return 0;
	copy = malloc(n);		/* of exactly this length: reads beyond it are seen */
	if (!copy)
		return 0;
	memcpy(copy, data + 1, n - 1);
	parse[data[0] % 6](copy, n - 1);
	free(copy);
	return 0;
}
