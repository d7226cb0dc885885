/* SPDX-License-Identifier: MIT */
/* Checks of single values in recipes: NULL, or a constant sentence why not. */
#include <string.h>

#include "recipe_values.h"

const char *
bad_name(const char *s)
{
	return cpk_name_ok(s) ? NULL : "not a name: [a-z0-9][a-z0-9+._-]*, at most 64";
}

const char *
bad_version(const char *s)
{
	return cpk_version_ok(s) ? NULL : "not a version: [0-9a-zA-Z][0-9a-zA-Z.+~_]*";
}

const char *
bad_dep(const char *s)
{
	struct cpk_dep d;

	return cpk_dep_parse(&d, s) == 0 ? NULL :
		"not a relation: 'NAME' or 'NAME OP VERSION'";
}

const char *
bad_sha256(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return !*s || (n == 64 && !s[n]) ? NULL : "not a sha256: 64 lower-case hexadecimal digits";
}

const char *
bad_source(const char *s)
{
	if (strncmp(s, "https://", 8) == 0)
		return s[8] && !strchr(s, ' ') ? NULL : "not a URL";
	if (strncmp(s, "debian:", 7) == 0)
		return cpk_path_refused(s + 7) ? "not a path below pool/" : NULL;
	if (strncmp(s, "tree:", 5) == 0)
		return cpk_path_refused(s + 5) ? "not a path in this tree" : NULL;
	return "a source begins with https://, debian: or tree:";
}

const char *
bad_tool(const char *s)
{
	return bad_name(strncmp(s, "cmd:", 4) == 0 ? s + 4 : s);
}

const char *
bad_cpe(const char *s)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyz0123456789._-+\\";
	size_t vendor = strspn(s, ok), product;

	if (!vendor || s[vendor] != ':')
		return "not 'VENDOR:PRODUCT' of a CPE name";
	product = strspn(s + vendor + 1, ok);
	return product && !s[vendor + 1 + product] ? NULL : "not 'VENDOR:PRODUCT' of a CPE name";
}

const char *
bad_line(const char *s)
{
	if (!*s)
		return "empty";
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return "must be one line";
	return NULL;
}

const char *
bad_path(const char *s)
{
	return cpk_path_refused(s);
}

const char *
bad_assignment_key(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return n == 0 || (*s >= '0' && *s <= '9') || s[n] ? "not the name of a variable" : NULL;
}

const char *
bad_pair(const char *s)
{
	const char *to = strchr(s, ' ');

	return to && to > s && to[1] && !strchr(to + 1, ' ') ? NULL : "not two words, 'SRC DST'";
}
