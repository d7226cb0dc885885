/* SPDX-License-Identifier: MIT */
/* Name and version of a source archive from its address. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "guess.h"

static const char *const endings[] = {
	".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tar.lz", ".tar.lzma", ".tar.Z", ".tgz",
	".txz", ".tbz2", ".tbz", ".tar", ".zip", ".orig", "-src", "-source", ".src", NULL
};

static int
cut_ending(char *s)
{
	size_t i, n = strlen(s), k;

	for (i = 0; endings[i]; i++) {
		k = strlen(endings[i]);
		if (n > k && strcmp(s + n - k, endings[i]) == 0) {
			s[n - k] = '\0';
			return 1;
		}
	}
	return 0;
}

/* Lower case, and only what a package may be called. */
static char *
clean_name(const char *s)
{
	char *name = xdup(s), *to = name;

	for (; *s; s++) {
		if (isalnum((unsigned char)*s))
			*to++ = (char)tolower((unsigned char)*s);
		else if (strchr("+._-", *s) && to > name)
			*to++ = *s;
	}
	*to = '\0';
	return name;
}

/* "thing-1.2", "thing_1.2", "thing-v1.2", "thing12": where the version begins, or NULL. */
static const char *
find_version(const char *s)
{
	const char *p, *best = NULL;

	for (p = s + 1; *s && *p; p++) {
		if ((p[-1] == '-' || p[-1] == '_') && isdigit((unsigned char)*p) && !best)
			best = p;
		if ((p[-1] == '-' || p[-1] == '_') && *p == 'v' && isdigit((unsigned char)p[1]) && !best)
			best = p + 1;
	}
	for (p = s; !best && *p; p++)
		if (isdigit((unsigned char)*p) && !p[strspn(p, "0123456789.")])
			best = p;
	return best > s ? best : NULL;
}

/* https://HOST/OWNER/REPO/archive/…/v1.2.tar.gz has the name in its path. */
static char *
name_in_path(const char *url)
{
	const char *archive = strstr(url, "/archive/"), *p;

	if (!archive)
		return NULL;
	for (p = archive; p > url && p[-1] != '/'; p--)
		;
	return fmt("%.*s", (int)(archive - p), p);
}

static char *
with_placeholder(const char *url, const char *version)
{
	struct buf b = { 0 };
	const char *at;
	size_t n = strlen(version);

	for (; (at = strstr(url, version)); url = at + n) {
		buf_add(&b, url, (size_t)(at - url));
		buf_str(&b, "{version}");
	}
	buf_str(&b, url);
	return b.s;
}

int
guess_name(struct guess *g, const char *url)
{
	const char *slash = strrchr(url, '/'), *v, *end;
	char *base = xdup(slash ? slash + 1 : strchr(url, ':') + 1), *path = name_in_path(url), *name;

	base[strcspn(base, "?#")] = '\0';
	while (cut_ending(base))
		;
	v = path ? base + strcspn(base, "0123456789") : find_version(base);
	if (!v || !*v) {
		free(base);
		free(path);
		return -1;
	}
	for (end = v; end > base && strchr("-_v", end[-1]); end--)
		;
	name = path ? xdup(path) : fmt("%.*s", (int)(end - base), base);
	g->name = clean_name(name);
	g->version = xdup(v);
	g->source = with_placeholder(url, v);
	free(name);
	free(path);
	free(base);
	return cpk_name_ok(g->name) && cpk_version_ok(g->version) ? 0 : -1;
}
