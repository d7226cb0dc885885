/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what pkg and repo parse: index, delta of it, signed file, journal, history, merges, and
 * metadata. The first byte chooses. An index that parses must print to the same bytes again.
 */
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "delta.h"
#include "history.h"
#include "signed.h"
#include "tuf.h"

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

/* An old text, a NUL, a delta for it. */
static void
delta(const char *data, size_t n)
{
	const char *end = memchr(data, '\0', n);
	size_t nold = end ? (size_t)(end - data) : 0, len;
	struct cpk_delta d;
	struct cpk_error err;
	char *text;

	if (!end || cpk_delta_parse(&d, end + 1, n - nold - 1, "fuzz", &err) || d.nops > 1 << 20 ||
	    d.to_bytes > 1 << 20)
		return;
	if (cpk_delta_apply(&d, data, nold, &text, &len, "fuzz", &err) == 0)
		free(text);
}

/* Whatever kind it says it is; what is accepted must stand having its signatures counted. */
static void
metadata(const char *data, size_t n)
{
	static const char *const types[] = { "root", "timestamp", "snapshot", "targets" };
	char name[TUF_MAX_NAME + 1];
	struct tuf_md *md;
	struct cpk_error err;
	json_t *role;
	size_t i, j = 0;
	int end;

	for (i = 0; i < 4; i++) {
		if (tuf_md_parse(&md, data, n, types[i], "fuzz", &err))
			continue;
		if (i == 0)
			tuf_md_verify(md, tuf_root_keys(md), tuf_root_role(md, "root"), "fuzz", &err);
		if (i == 3)
			while (tuf_delegated(json_object_get(md->body, "delegations"), "a/b.c", &j, name,
					&role, &end))
				;
		tuf_md_free(md);
	}
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
	static void (*const parse[])(const char *, size_t) = { index_text, delta, signed_file, journal,
		history, merge, metadata };
	char *copy;

	if (n < 1)
		return 0;
	copy = malloc(n);		/* of exactly this length: reads beyond it are seen */
	if (!copy)
		return 0;
	memcpy(copy, data + 1, n - 1);
	parse[data[0] % 7](copy, n - 1);
	free(copy);
	return 0;
}
