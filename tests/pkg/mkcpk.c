/* SPDX-License-Identifier: MIT */
/* Makes a package for tests: mkcpk OUT DIR NAME VERSION RELEASE [depends=X] [provides=X] [conflicts=X] [replaces=X]
 * [summary=X] [license=X] [homepage=X] [origin=X]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpk.h"

static struct cpk_list *
list_for(struct cpk_manifest *m, char *arg, char **value)
{
	*value = strchr(arg, '=');
	if (!*value)
		return NULL;
	*(*value)++ = '\0';
	if (strcmp(arg, "depends") == 0)
		return &m->depends;
	if (strcmp(arg, "provides") == 0)
		return &m->provides;
	if (strcmp(arg, "replaces") == 0)
		return &m->replaces;
	return strcmp(arg, "conflicts") == 0 ? &m->conflicts : NULL;
}

/* 1 when arg was "KEY=VALUE" of a text. */
static int
set_text(struct cpk_manifest *m, char *arg)
{
	const struct { const char *key; char **at; } texts[] = {
		{ "summary=", &m->summary }, { "license=", &m->license },
		{ "homepage=", &m->homepage }, { "origin=", &m->origin },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strncmp(arg, texts[i].key, strlen(texts[i].key)) == 0) {
			*texts[i].at = arg + strlen(texts[i].key);
			return 1;
		}
	return 0;
}

int
main(int argc, char **argv)
{
	struct cpk_manifest m = { .arch = "x86_64-pc-calx", .license = "MIT", .summary = "a test",
		.origin = "ports/test" };
	struct cpk_error err;
	int i;

	if (argc < 6 || cpk_init())
		return 2;
	m.name = argv[3];
	m.version = argv[4];
	m.release = (unsigned)atoi(argv[5]);
	for (i = 6; i < argc; i++) {
		char *value;
		struct cpk_list *l;

		if (set_text(&m, argv[i]))
			continue;
		l = list_for(&m, argv[i], &value);
		if (!l || cpk_list_add(l, value))
			return 2;
	}
	cpk_list_sort(&m.depends);
	cpk_list_sort(&m.provides);
	if (cpk_scan_exact(&m, argv[2], &err) || cpk_write(argv[1], &m, argv[2], 1, 3, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return 0;
}
