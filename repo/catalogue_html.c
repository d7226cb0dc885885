/* SPDX-License-Identifier: MIT */
/* HTML of the catalogue: escaping, the frame of a page, the style and the script. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "catalogue.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* The length of the character of UTF-8 at s, 0 when there is none. */
static size_t
utf8_len(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0, i;
	uint32_t c = len ? *s & (0x7fu >> len) : 0;

	if (len > n)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	/* U+202A and so on turn the order of what follows. */
	if (!len || c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ||
	    (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
		return 0;
	return len;
}

void
html_bytes(struct cpk_buf *b, const char *s, size_t n)
{
	size_t i, len;

	for (i = 0; i < n; i++) {
		switch (s[i]) {
		case '&': cpk_buf_str(b, "&amp;"); continue;
		case '<': cpk_buf_str(b, "&lt;"); continue;
		case '>': cpk_buf_str(b, "&gt;"); continue;
		case '"': cpk_buf_str(b, "&quot;"); continue;
		case '\'': cpk_buf_str(b, "&#39;"); continue;
		}
		if ((unsigned char)s[i] < 0x80) {
			if (s[i] == '\n' || s[i] == '\t' || (s[i] >= ' ' && s[i] != 0x7f))
				cpk_buf_add(b, s + i, 1);
			else if (s[i] != '\r')
				cpk_buf_str(b, REPLACEMENT);
			continue;
		}
		len = utf8_len((const unsigned char *)s + i, n - i);
		if (len)
			cpk_buf_add(b, s + i, len);
		else
			cpk_buf_str(b, REPLACEMENT);
		i += len ? len - 1 : 0;
	}
}

void
html_text(struct cpk_buf *b, const char *s)
{
	html_bytes(b, s, strlen(s));
}

void
html_path(struct cpk_buf *b, const char *s)
{
	for (; *s; s++)
		if (strchr("-._~", *s) || (*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') ||
		    (*s >= 'a' && *s <= 'z'))
			cpk_buf_add(b, s, 1);
		else
			cpk_buf_fmt(b, "%%%02X", (unsigned char)*s);
}

void
html_link(struct cpk_buf *b, const char *url)
{
	if (strncmp(url, "https://", 8) && strncmp(url, "http://", 7)) {
		html_text(b, url);
		return;
	}
	cpk_buf_str(b, "<a rel=\"nofollow\" href=\"");
	html_text(b, url);
	cpk_buf_str(b, "\">");
	html_text(b, url);
	cpk_buf_str(b, "</a>");
}

void
html_size(struct cpk_buf *b, uint64_t bytes)
{
	if (bytes < 10000)
		cpk_buf_fmt(b, "%" PRIu64 " bytes", bytes);
	else if (bytes < 10000000)
		cpk_buf_fmt(b, "%" PRIu64 " kB", (bytes + 500) / 1000);
	else
		cpk_buf_fmt(b, "%" PRIu64 " MB", (bytes + 500000) / 1000000);
}

void
html_begin(struct cpk_buf *b, const char *title, const char *up)
{
	cpk_buf_str(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	html_text(b, title);
	cpk_buf_fmt(b, "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n</head>\n<body>\n"
		"<nav><a href=\"%sindex.html\">Packages</a> <a href=\"%sall.html\">All names</a> "
		"<a href=\"%scommands.html\">Commands</a> <a href=\"%slicences.html\">Licences</a></nav>\n"
		"<main>\n<h1>", up, up, up, up, up);
	html_text(b, title);
	cpk_buf_str(b, "</h1>\n");
}

static int
write_plain(const struct catalogue *c, const char *folder, const char *name, const char *s, size_t n,
		struct cpk_error *err)
{
	char path[4096];
	FILE *f;
	int bad;

	snprintf(path, sizeof(path), "%s/%s", c->out, folder);
	if (mkdir(path, 0755) && errno != EEXIST)
		return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	if ((size_t)snprintf(path, sizeof(path), "%s/%s%s%s", c->out, folder, *folder ? "/" : "", name) >=
	    sizeof(path) || !(f = fopen(path, "we")))
		return cpk_fail(err, -errno, "%s: %s", path, strerror(errno));
	bad = fwrite(s, 1, n, f) != n;
	bad |= fclose(f) != 0;
	return bad ? cpk_fail(err, -EIO, "%s: %s", path, strerror(errno)) : 0;
}

int
html_end(struct cpk_buf *b, const struct catalogue *c, const char *folder, const char *name,
		struct cpk_error *err)
{
	int r;

	cpk_buf_str(b, "</main>\n</body>\n</html>\n");
	r = b->bad ? cpk_fail(err, -ENOMEM, "out of memory") :
		write_plain(c, folder, name, b->s, b->n, err);
	free(b->s);
	memset(b, 0, sizeof(*b));
	return r;
}

static const char style[] =
	":root { color-scheme: light dark; --line: #8885; --soft: #8882; }\n"
	"* { box-sizing: border-box; }\n"
	"body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif;\n"
	"\toverflow-wrap: anywhere; }\n"
	"nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }\n"
	"h1 { font-size: 1.6rem; line-height: 1.2; margin: 1rem 0 .5rem; }\n"
	"h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; }\n"
	"dl { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: .25rem 1rem; margin: 0; }\n"
	"dt { color: GrayText; }\n"
	"dd { margin: 0; }\n"
	"ul { margin: 0; padding-left: 1.25rem; }\n"
	"ul.list { list-style: none; padding: 0; }\n"
	"ul.list li { padding: .3rem 0; border-bottom: 1px solid var(--line); }\n"
	"ul.row { display: flex; flex-wrap: wrap; gap: .25rem .75rem; list-style: none; padding: 0; }\n"
	"pre { background: var(--soft); padding: .75rem; overflow-x: auto; font-size: .85rem; max-width: 100%; }\n"
	"code, .hash { font-family: ui-monospace, monospace; font-size: .85rem; }\n"
	".version, .note { color: GrayText; }\n"
	".ok { color: #178a3c; } .bad { color: #c62828; }\n"
	"input { font: inherit; width: 100%; padding: .4rem .6rem; margin: .5rem 0; }\n"
	"[hidden] { display: none !important; }\n";

/* The lists work without it: it adds a field that hides what does not match. */
static const char script[] =
	"'use strict';\n"
	"(function () {\n"
	"\tvar list = document.querySelector('ul.list');\n"
	"\tif (!list) return;\n"
	"\tvar items = Array.prototype.slice.call(document.querySelectorAll('ul.list li'));\n"
	"\tvar keys = items.map(function (li) {\n"
	"\t\treturn (li.textContent + ' ' + (li.dataset.also || '')).toLowerCase();\n"
	"\t});\n"
	"\tvar field = document.createElement('input');\n"
	"\tfield.type = 'search';\n"
	"\tfield.placeholder = 'Search';\n"
	"\tfield.setAttribute('aria-label', field.placeholder);\n"
	"\tfield.addEventListener('input', function () {\n"
	"\t\tvar words = field.value.toLowerCase().split(/\\s+/);\n"
	"\t\titems.forEach(function (li, i) {\n"
	"\t\t\tli.hidden = !words.every(function (w) { return keys[i].indexOf(w) >= 0; });\n"
	"\t\t});\n"
	"\t\tArray.prototype.forEach.call(document.querySelectorAll('section'), function (s) {\n"
	"\t\t\ts.hidden = !s.querySelector('li:not([hidden])');\n"
	"\t\t});\n"
	"\t});\n"
	"\tdocument.querySelector('h1').insertAdjacentElement('afterend', field);\n"
	"\tif (location.hash.indexOf('#q=') === 0) {\n"
	"\t\tfield.value = decodeURIComponent(location.hash.slice(3));\n"
	"\t\tfield.dispatchEvent(new Event('input'));\n"
	"\t}\n"
	"})();\n";

int
html_assets(const struct catalogue *c, struct cpk_error *err)
{
	int r = write_plain(c, "", "style.css", style, sizeof(style) - 1, err);

	return r ? r : write_plain(c, "", "search.js", script, sizeof(script) - 1, err);
}
