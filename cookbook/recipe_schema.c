/* SPDX-License-Identifier: MIT */
/* The keys of port.toml. */
#include <string.h>

#include "nearest.h"
#include "recipe_schema.h"
#include "recipe_values.h"

static const char *const arch_names[] = { COOK_TARGET, "host", "any", NULL };
static const char *const toolchain_names[] = { "none", "bare", "c", "c++", NULL };
static const char *const sysroot_names[] = { "link", "dev", "all", NULL };
static const char *const system_names[] = {
	"autotools", "configure", "cmake", "meson", "make", "copy", "shell", NULL
};

#define AT(field) offsetof(struct recipe, field)
const struct key top_keys[] = {
	{ "name", STR, AT(name), NEEDED, bad_name },
	{ "version", STR, AT(version), NEEDED, bad_version },
	{ "release", INT, AT(release), 0, NULL },
	{ "license", STR, AT(license), NEEDED, spdx_refused },
	{ "license-files", LIST, AT(license_files), ONE | NODUP | LATER, bad_path },
	{ "summary", STR, AT(summary), NEEDED, bad_line },
	{ "homepage", STR, AT(homepage), 0, bad_line },
	{ "source", LIST, AT(source), ONE, bad_source },
	{ "sha256", LIST, AT(sha256), ONE, bad_sha256 },
	{ "strip", INT, AT(strip), 0, NULL },
	{ "omit", LIST, AT(omit), LATER, bad_path },
	{ "inner", STR, AT(inner), 0, bad_path },
	{ "patches", STR, AT(patches), 0, bad_name },
	{ "cpe", LIST, AT(cpe), ONE | NODUP | OUTSIDE, bad_cpe },
	{ "depends", LIST, AT(depends), NODUP, bad_dep },
	{ "build-depends", LIST, AT(build_depends), NODUP, bad_name },
	{ "host-tools", LIST, AT(host_tools), NODUP, bad_tool },
	{ "provides", LIST, AT(provides), NODUP, bad_dep },
	{ "conflicts", LIST, AT(conflicts), NODUP, bad_dep },
	{ "arch", ARCH, AT(arch), 0, NULL },
	{ "toolchain", TOOLCHAIN, AT(toolchain), 0, NULL },
	{ "sysroot", SYSROOT, AT(sysroot), LATER, NULL },
	{ NULL, 0, 0, 0, NULL }
};
const struct key build_keys[] = {
	{ "system", SYSTEM, AT(system), NEEDED, NULL },
	{ "dir", STR, AT(subdir), 0, bad_path },
	{ "in-source", BOOL, AT(in_source), 0, NULL },
	{ "keep-symbols", BOOL, AT(keep_symbols), 0, NULL },
	{ "debug", BOOL, AT(debug), LATER, NULL },
	{ "args", LIST, AT(args), 0, NULL },
	{ "make-args", LIST, AT(make_args), 0, NULL },
	{ "targets", LIST, AT(targets), 0, NULL },
	{ "install", LIST, AT(install), 0, NULL },
	{ "env", MAP, AT(env), 0, NULL },
	{ "cache", MAP, AT(cache), 0, NULL },
	{ "before", LIST, AT(before), ONE, NULL },
	{ "after", LIST, AT(after), ONE, NULL },
	{ "remove", LIST, AT(remove), 0, bad_path },
	{ "files", LIST, AT(copies), LATER, bad_pair },
	{ "links", LIST, AT(links), LATER, bad_pair },
	{ "dirs", LIST, AT(dirs), LATER, bad_path },
	{ NULL, 0, 0, 0, NULL }
};
const struct key test_keys[] = {
	{ "run", LIST, AT(test), ONE, NULL },
	{ "timeout", INT, AT(test_timeout), 0, NULL },
	{ "program", STR, AT(test_program), LATER, NULL },
	{ "args", LIST, AT(test_args), LATER, NULL },
	{ NULL, 0, 0, 0, NULL }
};
const struct key split_keys[] = {
	{ "files", LIST, offsetof(struct split, files), NEEDED, bad_path },
	{ "depends", LIST, offsetof(struct split, depends), NODUP, bad_dep },
	{ "summary", STR, offsetof(struct split, summary), 0, bad_line },
	{ NULL, 0, 0, 0, NULL }
};

const char *const *
schema_words(enum kind kind)
{
	switch (kind) {
	case ARCH:	return arch_names;
	case TOOLCHAIN:	return toolchain_names;
	case SYSROOT:	return sysroot_names;
	case SYSTEM:	return system_names;
	default:	return NULL;
	}
}

const struct key *
schema_find(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

/* What tables are called, in the order in which a stray key is looked for. */
static const struct {
	const char *name;
	const struct key *keys;
} tables[] = {
	{ "the top table", top_keys }, { "[build]", build_keys }, { "[test]", test_keys },
	{ "[split.NAME]", split_keys },
};
#define NTABLES (sizeof(tables) / sizeof(tables[0]))

char *
schema_unknown(const struct key *keys, const char *name)
{
	static const char *const sections[] = { "build", "test", "split" };
	struct nearest near = { .word = name };
	char hint[NEAREST_HINT];
	const struct key *k;
	size_t i;

	for (i = 0; i < NTABLES; i++)
		if (tables[i].keys != keys && schema_find(tables[i].keys, name))
			return fmt("unknown key here; %s has one of that name", tables[i].name);
	for (k = keys; k->name; k++)
		nearest_try(&near, k->name);
	for (i = 0; keys == top_keys && i < sizeof(sections) / sizeof(sections[0]); i++)
		nearest_try(&near, sections[i]);
	return fmt("unknown key%s", nearest_hint(&near, hint));
}
