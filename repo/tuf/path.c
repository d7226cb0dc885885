/* SPDX-License-Identifier: MIT */
/* Which delegated role may speak of a target: patterns of paths, and bins by the path's hash. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuf.h"

int
tuf_quote(const char *role, char out[TUF_MAX_NAME + 1])
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
	size_t n = 0;

	for (; *role; role++) {
		if (n + 3 > TUF_MAX_NAME - 32)		/* "VERSION." and ".json" come on top */
			return -1;
		if (strchr(plain, *role))
			out[n++] = *role;
		else
			n += (size_t)sprintf(out + n, "%%%02X", (unsigned char)*role);
	}
	out[n] = '\0';
	return 0;
}

static int
matches(const json_t *role, const char *path, const char *hash)
{
	const json_t *list = json_object_get(role, "paths"), *v;
	size_t i;

	json_array_foreach((json_t *)list, i, v)
		if (fnmatch(json_string_value(v), path, FNM_PATHNAME | FNM_NOESCAPE) == 0)
			return 1;
	list = json_object_get(role, "path_hash_prefixes");
	json_array_foreach((json_t *)list, i, v)
		if (strncmp(hash, json_string_value(v), json_string_length(v)) == 0)
			return 1;
	return 0;
}

/* The bin of a path: the first bits of its hash, in as many hexadecimal digits as the last bin has. */
static int
bin_of(const json_t *bins, const char *hash, char name[TUF_MAX_NAME + 1])
{
	unsigned bits = (unsigned)json_integer_value(json_object_get(bins, "bit_length"));
	unsigned long head;
	char first[9];

	memcpy(first, hash, 8);
	first[8] = '\0';
	head = strtoul(first, NULL, 16) >> (32 - bits);
	return snprintf(name, TUF_MAX_NAME + 1, "%s-%0*lx",
			json_string_value(json_object_get(bins, "name_prefix")),
			(int)((bits + 3) / 4), head) > TUF_MAX_NAME;
}

int
tuf_delegated(const json_t *delegations, const char *path, size_t *i, char name[TUF_MAX_NAME + 1],
		json_t **role, int *terminating)
{
	const json_t *roles = json_object_get(delegations, "roles");
	json_t *bins = json_object_get(delegations, "succinct_roles");
	char hash[65];

	tuf_sha256(path, strlen(path), hash);
	if (bins) {
		if ((*i)++ || bin_of(bins, hash, name))
			return 0;
		*role = bins;
		*terminating = 1;
		return 1;
	}
	for (; *i < json_array_size(roles); ++*i) {
		*role = json_array_get(roles, *i);
		if (!matches(*role, path, hash))
			continue;
		if (json_string_length(json_object_get(*role, "name")) > TUF_MAX_NAME)
			continue;
		strcpy(name, json_string_value(json_object_get(*role, "name")));
		*terminating = json_is_true(json_object_get(*role, "terminating"));
		++*i;
		return 1;
	}
	return 0;
}
