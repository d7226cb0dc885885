/* SPDX-License-Identifier: MIT */
/* Names of other catalogues for what recipes package: purl, CPE, Debian's; CVE ids in patches. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "patchfile.h"
#include "cve.h"

static void
add_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (isalnum((unsigned char)*s) || strchr("-._~:", *s))
			buf_add(b, s, 1);
		else
			buf_fmt(b, "%%%02X", (unsigned char)*s);
	}
}

/* "zlib_1.3.dfsg+really1.3.1.orig.tar.gz": both parts; 0 when it is not so formed. */
static int
split_debian(const char *file, char **name, char **version)
{
	const char *bar = strchr(file, '_'), *end = bar ? strstr(bar, ".orig") : NULL;

	if (bar && !end)
		end = strstr(bar, ".tar");
	if (!bar || !end)
		return 0;
	*name = fmt("%.*s", (int)(bar - file), file);
	*version = fmt("%.*s", (int)(end - bar - 1), bar + 1);
	return 1;
}

/* "foo-1.2.tar.gz" of further archives that are not Debian's. */
static void
split_plain(const char *file, char **name, char **version)
{
	size_t i, end = strlen(file);
	const char *tar = strstr(file, ".tar");

	if (tar)
		end = (size_t)(tar - file);
	for (i = 0; i + 1 < end; i++)
		if (file[i] == '-' && (isdigit((unsigned char)file[i + 1]) || file[i + 1] == 'v'))
			break;
	if (i + 1 >= end)
		i = end;
	*name = fmt("%.*s", (int)i, file);
	*version = i < end ? fmt("%.*s", (int)(end - i - 1), file + i + 1) : xdup("0");
}

/* Debian's purl has Debian's version, of which the archive has all but the revision. */
static void
set_purl(struct origin *o, const char *version)
{
	struct buf b = { 0 };

	buf_str(&b, o->debian ? "pkg:deb/debian/" : "pkg:generic/");
	add_escaped(&b, o->debian ? o->debian : o->name);
	buf_str(&b, "@");
	add_escaped(&b, version);
	buf_str(&b, "?");
	if (o->debian)
		buf_str(&b, "arch=source&");
	buf_fmt(&b, "checksum=sha256:%s", o->sha256);
	if (!o->debian) {
		buf_str(&b, "&download_url=");
		add_escaped(&b, o->location);
	}
	o->purl = b.s;
}

int
origin_of(const struct recipe *r, size_t i, struct origin *o)
{
	const char *file;
	char *name = NULL, *version = NULL;

	memset(o, 0, sizeof(*o));
	if (strncmp(r->source.v[i], "tree:", 5) == 0)
		return 0;
	o->location = source_expand(r, i);
	o->sha256 = r->sha256.v[i];
	file = strrchr(o->location, '/') + 1;
	if (strncmp(o->location, "debian:", 7) == 0 && split_debian(file, &name, &version)) {
		o->debian = xdup(name);
		o->version = cve_debian_upstream(version);
	} else {
		split_plain(file, &name, &o->version);
	}
	/* The first archive is what the recipe is about; for the tree's own it comes with others. */
	o->name = i == 0 && r->source.n == 1 ? xdup(r->name) : xdup(name);
	if (i == 0 && r->source.n == 1) {
		free(o->version);
		o->version = xdup(r->version);
	}
	set_purl(o, version ? version : o->version);
	free(name);
	free(version);
	return 1;
}

void
origin_free(struct origin *o)
{
	free(o->name);
	free(o->version);
	free(o->debian);
	free(o->purl);
	free(o->location);
	memset(o, 0, sizeof(*o));
}

char *
cpe_name(const char *vendor_product, const char *version)
{
	struct buf b = { 0 };

	buf_fmt(&b, "cpe:2.3:a:%s:", vendor_product);
	for (; *version; version++) {
		if (!isalnum((unsigned char)*version) && !strchr("._-", *version))
			buf_add(&b, "\\", 1);
		buf_add(&b, version, 1);
	}
	buf_str(&b, ":*:*:*:*:*:*:*");
	return b.s;
}

static void
read_cpe_line(struct cook *c, char *line)
{
	char *save, *field = strtok_r(line, "\t", &save);
	struct port *p = field && *field != '#' ? cook_find(c, field) : NULL;

	if (!p || !p->r || p->r->cpe.n)
		return;
	while ((field = strtok_r(NULL, "\t", &save)))
		list_add(&p->r->cpe, field);
}

void
cpe_load(struct cook *c)
{
	char *path = fmt("%s/cookbook/cpe.tsv", c->root), *text = read_file(path, NULL), *line, *next;

	for (line = text; line && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		read_cpe_line(c, line);
	}
	free(text);
	free(path);
}

/* --- CVE ids --- */

static void
find_ids(const char *s, size_t n, struct list *out)
{
	const char *end = s + n, *id;
	size_t year, number;

	for (; s + 9 < end; s++) {
		if (strncasecmp(s, "CVE-", 4) != 0)
			continue;
		id = s + 4;
		year = strspn(id, "0123456789");
		number = year == 4 && id[4] == '-' ? strspn(id + 5, "0123456789") : 0;
		if (number >= 4)
			list_take(out, fmt("CVE-%.*s", (int)(5 + number), id));
	}
}

void
patch_cves(const struct cook *c, const struct recipe *r, const char *patch, struct list *out)
{
	char *dir = patch_dir(c, r), *path = fmt("%s/%s", dir, patch), *text, *line, *save;
	struct patch_head h;
	size_t len;

	find_ids(patch, strlen(patch), out);
	text = read_file(path, &len);
	if (text) {
		patch_head_read(&h, text, len);
		text[h.diff] = '\0';
		if (h.subject)
			find_ids(h.subject, strlen(h.subject), out);
		for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
			if (strncasecmp(line, "CVE:", 4) == 0)
				find_ids(line + 4, strlen(line + 4), out);
		patch_head_free(&h);
	}
	cpk_list_sort(out);
	free(text);
	free(path);
	free(dir);
}
