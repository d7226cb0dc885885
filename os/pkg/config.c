/* SPDX-License-Identifier: MIT */
/* etc/pkg/repos.conf ("repo NAME URL [ca=/FILE] [priority=N] [channel=NAME]
 * [timeout=SECONDS]" a line, '#' comments). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkg.h"

static const char *conf_name = "/" CONF_FILE;	/* as errors name it */

static int
bad(unsigned line, const char *why, const char *word)
{
	return fail(ST_FAIL, "%s:%u: %s: %.200s", conf_name, line, why, word);
}

static int
set_url(struct repo *r, const char *url, unsigned line)
{
	size_t n = strlen(url);

	if (strncmp(url, "https://", 8) && strncmp(url, "http://", 7) && strncmp(url, "file:///", 8))
		return bad(line, "not an https, http or file URL", url);
	while (n && url[n - 1] == '/')
		n--;
	if (n >= sizeof(r->url))
		return bad(line, "URL too long", url);
	memcpy(r->url, url, n);
	r->url[n] = '\0';
	return 0;
}

/* A channel is a folder of the URL. */
static int
set_channel(struct repo *r, const char *name)
{
	size_t n = strlen(r->url);

	if (*r->channel || !cpk_name_ok(name) || strlen(name) >= sizeof(r->channel) ||
	    n + strlen(name) + 2 > sizeof(r->url))
		return -EINVAL;
	strcpy(r->channel, name);
	snprintf(r->url + n, sizeof(r->url) - n, "/%s", name);
	return 0;
}

static int
set_option(struct repo *r, const char *opt)
{
	if (strncmp(opt, "ca=/", 4) == 0 && strlen(opt + 3) < sizeof(r->ca)) {
		strcpy(r->ca, opt + 3);
		return 0;
	}
	if (strncmp(opt, "priority=", 9) == 0 && opt[9] && strlen(opt + 9) <= 2 &&
	    strspn(opt + 9, "0123456789") == strlen(opt + 9)) {
		r->priority = atoi(opt + 9);
		return 0;
	}
	if (strncmp(opt, "timeout=", 8) == 0) {
		r->stall = (unsigned)atoi(opt + 8);
		return r->stall >= 1 && r->stall <= 3600 ? 0 : -EINVAL;
	}
	return strncmp(opt, "channel=", 8) ? -EINVAL : set_channel(r, opt + 8);
}

static int
parse_line(struct pkg *k, char *s, unsigned line)
{
	char *save, *word = strtok_r(s, " \t", &save), *name, *url, *opt;
	struct repo *r;
	int bad_url;

	if (!word || *word == '#')
		return 0;
	if (strcmp(word, "repo"))
		return bad(line, "unknown word (known: repo)", word);
	name = strtok_r(NULL, " \t", &save);
	url = strtok_r(NULL, " \t", &save);
	if (!name || !url || !cpk_name_ok(name))
		return bad(line, "expected 'repo NAME URL'", name ? name : "nothing");
	if (k->nrepos == MAX_REPOS)
		return bad(line, "too many repositories", name);
	r = &k->repos[k->nrepos];
	memset(r, 0, sizeof(*r));
	snprintf(r->name, sizeof(r->name), "%s", name);
	bad_url = set_url(r, url, line);
	if (bad_url)
		return bad_url;
	r->priority = 50;
	while ((opt = strtok_r(NULL, " \t", &save)))
		if (set_option(r, opt))
			return bad(line, "unknown option (known: ca=/FILE priority=0..99 channel=NAME"
					" timeout=1..3600)", opt);
	k->nrepos++;
	return 0;
}

int
config_parse(struct pkg *k, char *text, size_t n)
{
	char *s, *next;
	unsigned line = 1;
	int r = 0;

	if (strlen(text) != n)
		return fail(ST_FAIL, "%s: holds a NUL byte", conf_name);
	for (s = text; !r && *s; s = next, line++) {
		next = s + strcspn(s, "\n");
		if (*next)
			*next++ = '\0';
		r = parse_line(k, s, line);
	}
	return r;
}

int
config_load(struct pkg *k)
{
	char *text;
	size_t n;
	int r;

	if (k->config)
		conf_name = k->config;
	r = slurp(k->config ? AT_FDCWD : k->rootfd, k->config ? k->config : CONF_FILE, 1 << 20,
			&text, &n);
	if (r == -ENOENT)
		return fail(ST_FAIL, "%s is missing: no repository is known", conf_name);
	if (r)
		return fail(ST_IO, "%s: %s", conf_name, strerror(-r));
	r = config_parse(k, text, n);
	free(text);
	return r;
}
