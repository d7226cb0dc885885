/* SPDX-License-Identifier: MIT */
/*
 * A mutating fuzzer for what parses text that others wrote: fuzz SECONDS SEED-FILE...
 * Each input goes through the TOML parser and recipe schema, the manifest parser, and
 * the relation, version and path checks.  A manifest that is taken must print back to
 * the same bytes.  Sanitizers find the rest; leaks count too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../cookbook/recipe.h"
#include "../../cookbook/toml.h"

static uint64_t state = 88172645463325252ull;

static uint32_t
rnd(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 11) % n;
}

static const char *const words[] = {
	"[", "]", "[[", "\"", "\"\"\"", "'''", "= ", "\n", "\r\n", "\\u0041", "\\", "{", "}", ",", "#",
	"[split.a]", "files = []", "true", "0x7f", "-9223372036854775808", "9223372036854775807",
	"name = \"x\"", "source = [\"tree:x\"]", "sha256 = \"\"", "\xc3\xa9", "\xff", "f 0644 root root ",
	"d 0755 root root 0 - usr\n", "l 0777 root root 0 - a b\n", "files 1\n", "size 0\n", "..", "/",
	"%20", "%", "depends a >= 1\n", "provides so:x\n", "-", "18446744073709551616", "MIT OR (",
	"WITH GCC-exception-3.1", "~", ">= ", "cpk 1\n",
};

#define MAX 65536
struct input {
	char s[MAX];
	size_t n;
};

static void
insert(struct input *in, size_t at, const char *s, size_t n)
{
	if (in->n + n > MAX)
		return;
	memmove(in->s + at + n, in->s + at, in->n - at);
	memcpy(in->s + at, s, n);
	in->n += n;
}

static void
erase(struct input *in, size_t at, size_t n)
{
	if (n > in->n - at)
		n = in->n - at;
	memmove(in->s + at, in->s + at + n, in->n - at - n);
	in->n -= n;
}

static void
mutate(struct input *in)
{
	size_t at = in->n ? rnd((uint32_t)in->n) : 0, from;
	const char *w = words[rnd(sizeof(words) / sizeof(words[0]))];
	char copy[256];
	uint32_t n;

	switch (rnd(6)) {
	case 0: insert(in, at, w, strlen(w)); break;
	case 1: erase(in, at, 1 + rnd(16)); break;
	case 2: if (in->n) in->s[at] = (char)rnd(256); break;
	case 3: if (in->n) in->s[at] ^= (char)(1 << rnd(8)); break;
	case 4:		/* a line or so again, elsewhere */
		n = 1 + rnd(sizeof(copy) - 1);
		from = in->n ? rnd((uint32_t)in->n) : 0;
		if (n > in->n - from)
			n = (uint32_t)(in->n - from);
		memcpy(copy, in->s + from, n);
		insert(in, at, copy, n);
		break;
	case 5: if (rnd(8) == 0) in->n = at; break;
	}
}

static void
run_recipe(const char *s, size_t n)
{
	struct list errors = { 0 };
	struct recipe *r = recipe_parse("ports/x", s, n, &errors);

	if (!r != (errors.n > 0))
		abort();
	if (r)
		free(recipe_normal(r));
	recipe_free(r);
	cpk_list_free(&errors);
}

static void
run_manifest(const char *s, size_t n)
{
	struct cpk_manifest m;
	struct cpk_error err;
	char *text;
	size_t len;

	if (cpk_manifest_parse(&m, s, n, "fuzz", &err) < 0)
		return;
	if (cpk_manifest_print(&m, &text, &len) < 0 || len != n || memcmp(text, s, n) != 0)
		abort();
	free(text);
	cpk_manifest_free(&m);
}

static void
run_small(const char *s, size_t n)
{
	struct cpk_dep d;
	char *copy = strndup(s, n), *half = copy + strlen(copy) / 2;

	cpk_dep_parse(&d, copy);
	spdx_refused(copy);
	if (cpk_version_cmp(copy, half) != 0 && cpk_version_cmp(copy, copy) != 0)
		abort();
	if (!cpk_path_refused(copy))
		cpk_link_refused(copy, half);
	free(copy);
}

/* An exact allocation, so that reading one byte too far is seen. */
static void
run(const struct input *in)
{
	char *s = malloc(in->n ? in->n : 1);

	memcpy(s, in->s, in->n);
	run_recipe(s, in->n);
	run_manifest(s, in->n);
	run_small(s, in->n < 64 ? in->n : 64);
	free(s);
}

int
main(int argc, char **argv)
{
	static struct input seed[64], in;
	int nseeds = 0, i;
	unsigned long runs = 0;
	time_t end;
	FILE *f;

	if (argc < 3 || cpk_init() < 0)
		return 2;
	for (i = 2; i < argc && nseeds < 64; i++) {
		f = fopen(argv[i], "rb");
		if (!f)
			return 2;
		seed[nseeds].n = fread(seed[nseeds].s, 1, MAX, f);
		fclose(f);
		run(&seed[nseeds++]);
	}
	end = time(NULL) + atoi(argv[1]);
	while (time(NULL) < end) {
		in = seed[rnd((uint32_t)nseeds)];
		for (i = 1 + (int)rnd(8); i > 0; i--)
			mutate(&in);
		run(&in);
		runs++;
	}
	printf("%lu inputs\n", runs);
	return runs ? 0 : 1;
}
