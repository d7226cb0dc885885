/* SPDX-License-Identifier: MIT */
/* Where Debian's pool is: CALX_DEBIAN_MIRROR, else the host's own apt configuration. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cook.h"

#define APT "/etc/apt"

static void
add_base(struct list *out, const char *url, size_t n)
{
	char *base;

	while (n && url[n - 1] == '/')
		n--;
	base = fmt("%.*s", (int)n, url);
	if ((strncmp(base, "http://", 7) == 0 || strncmp(base, "https://", 8) == 0) &&
	    !list_has(out, base))
		list_add(out, base);
	free(base);
}

/* "deb [options] URI suite component…" */
static void
read_list_line(struct list *out, const char *line)
{
	line += strspn(line, " \t");
	if (strncmp(line, "deb", 3) != 0)
		return;
	line += strcspn(line, " \t");
	line += strspn(line, " \t");
	if (*line == '[') {
		line += strcspn(line, "]");
		line += strspn(line, "] \t");
	}
	add_base(out, line, strcspn(line, " \t"));
}

/* One stanza of a .sources file: all of its URIs, unless it is switched off. */
static void
end_stanza(struct list *out, struct list *uris, int *enabled)
{
	size_t i;

	for (i = 0; *enabled && i < uris->n; i++)
		add_base(out, uris->v[i], strlen(uris->v[i]));
	cpk_list_free(uris);
	*enabled = 1;
}

static void
add_words(struct list *uris, const char *s)
{
	size_t n;

	for (s += strspn(s, " \t"); *s; s += n, s += strspn(s, " \t")) {
		n = strcspn(s, " \t");
		list_take(uris, fmt("%.*s", (int)n, s));
	}
}

static void
read_sources(struct list *out, char *text)
{
	struct list uris = { 0 };
	int enabled = 1, in_uris = 0;
	char *line, *next;

	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (*line == '#')
			continue;
		if (*line != ' ' && *line != '\t')
			in_uris = strncasecmp(line, "URIs:", 5) == 0;
		if (!line[strspn(line, " \t\r")])
			end_stanza(out, &uris, &enabled);
		else if (in_uris)
			add_words(&uris, *line == ' ' || *line == '\t' ? line : line + 5);
		else if (strncasecmp(line, "Enabled:", 8) == 0 && strstr(line + 8, "no"))
			enabled = 0;
	}
	end_stanza(out, &uris, &enabled);
}

static void
read_list(struct list *out, char *text)
{
	char *line, *save;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		read_list_line(out, line);
}

static void
read_config(struct list *out, const char *path)
{
	char *text = read_file(path, NULL);
	const char *dot = strrchr(path, '.');

	if (text && strcmp(dot, ".list") == 0)
		read_list(out, text);
	else if (text && strcmp(dot, ".sources") == 0)
		read_sources(out, text);
	free(text);
}

/* Archives called …/debian first: a security or third-party one has other pools. */
static void
prefer_debian(struct list *l)
{
	size_t i, j = 0, n;

	for (i = 0; i < l->n; i++) {
		char *s = l->v[i];

		n = strlen(s);
		if (n < 7 || strcmp(s + n - 7, "/debian") != 0)
			continue;
		memmove(l->v + j + 1, l->v + j, (i - j) * sizeof(*l->v));
		l->v[j++] = s;
	}
}

void
mirror_list(struct list *out)
{
	const char *own = getenv("CALX_DEBIAN_MIRROR");
	struct list names = { 0 };
	size_t i;

	if (own && *own) {
		add_base(out, own, strlen(own));
		return;
	}
	read_config(out, APT "/sources.list");
	list_dir(APT "/sources.list.d", &names);
	for (i = 0; i < names.n; i++) {
		char *path = fmt(APT "/sources.list.d/%s", names.v[i]);

		if (strrchr(names.v[i], '.'))
			read_config(out, path);
		free(path);
	}
	cpk_list_free(&names);
	prefer_debian(out);
}
