/* SPDX-License-Identifier: MIT */
/*
 * pkg tuf: the client of The Update Framework on its own: any repository, any folders. It is what
 * a conformance suite drives, and a way to fetch one file that somebody has signed.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tuf_io.h"

#define MAX_TARGETS	64

struct options {
	const char *metadata, *metadata_url, *target_dir, *target_url;
	const char *targets[MAX_TARGETS];
	size_t n;
};

static int
take(struct options *o, int c, const char *value)
{
	switch (c) {
	case 'm':	o->metadata = value; return 0;
	case 'u':	o->metadata_url = value; return 0;
	case 'd':	o->target_dir = value; return 0;
	case 'b':	o->target_url = value; return 0;
	case 't':
		if (o->n == MAX_TARGETS)
			return fail(ST_USAGE, "tuf: more than %d targets", MAX_TARGETS);
		o->targets[o->n++] = value;
		return 0;
	default:
		return fail(ST_USAGE, "tuf --metadata-dir DIR [--metadata-url URL] [--target-name NAME"
				" --target-base-url URL --target-dir DIR] init ROOT|refresh|download");
	}
}

static int
parse(struct options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "metadata-dir", required_argument, NULL, 'm' },
		{ "metadata-url", required_argument, NULL, 'u' },
		{ "target-name", required_argument, NULL, 't' },
		{ "target-dir", required_argument, NULL, 'd' },
		{ "target-base-url", required_argument, NULL, 'b' }, { NULL, 0, NULL, 0 },
	};
	int c, r = 0;

	optind = 0;
	while (!r && (c = getopt_long(argc, argv, "+", options, NULL)) != -1)
		r = take(o, c, optarg);
	if (!r && (!o->metadata || optind == argc))
		r = take(o, '?', NULL);
	return r;
}

static int
init(struct pkg *k, const char *root)
{
	struct cpk_error err;
	struct tuf_md *md;
	char *data;
	size_t n;
	int r = slurp(AT_FDCWD, root, TUF_MAX_ROOT, &data, &n);

	if (r)
		return fail(ST_IO, "%s: %s", root, strerror(-r));
	r = tuf_md_parse(&md, data, n, "root", root, &err);
	if (!r)
		r = tuf_md_verify(md, tuf_root_keys(md), tuf_root_role(md, "root"), root, &err);
	if (r)
		r = fail((enum status)-r, "%s", err.text);
	else if ((r = spill(k->rootfd, "root.json", data, n)))
		r = fail(ST_IO, "root.json: %s", strerror(-r));
	tuf_md_free(md);
	free(data);
	return r;
}

/* URLs are joined with one '/'. */
static void
trim(char *to, size_t n, const char *url)
{
	size_t len;

	snprintf(to, n, "%s", url);
	for (len = strlen(to); len && to[len - 1] == '/'; len--)
		to[len - 1] = '\0';
}

/* Fetches into the target folder, unless the right file is there; its name is the path, quoted. */
static int
download(struct tuf_client *c, struct pkg *k, const struct options *o, const char *name)
{
	struct pkg there = *k;
	struct tuf_place place = *(struct tuf_place *)c->io.arg;
	char file[TUF_MAX_NAME + 1], base[1024];
	struct cpk_error err;
	struct tuf_target t;
	int r = tuf_said(o->metadata_url, tuf_lookup(c, name, &t, &err), &err), fd;

	if (r)
		return r;
	trim(base, sizeof(base), o->target_url);
	there.rootfd = open(o->target_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (there.rootfd < 0)
		r = fail(ST_IO, "%s: %s", o->target_dir, strerror(errno));
	else if (tuf_quote(name, file))
		r = fail(ST_FAIL, "%s: name too long", name);
	fd = r ? -1 : openat(there.rootfd, file, O_RDONLY | O_CLOEXEC);
	if (!r && (fd < 0 || !tuf_hashes_match_fd(t.hashes, fd))) {
		place.k = &there;
		c->io.arg = &place;
		r = tuf_fetch_target(c, &t, name, base, file);
		c->io.arg = NULL;
	}
	if (fd >= 0)
		close(fd);
	if (there.rootfd >= 0)
		close(there.rootfd);
	tuf_target_free(&t);
	return r;
}

static int
online(struct pkg *k, const struct options *o, bool targets)
{
	char url[1024];
	struct tuf_place place = { .k = k, .dir = ".", .url = url };
	struct tuf_client c;
	struct cpk_error err;
	size_t i;
	int r;

	trim(url, sizeof(url), o->metadata_url);
	tuf_begin(&c, &place);
	r = tuf_said(url, tuf_refresh(&c, &err), &err);
	for (i = 0; !r && targets && i < o->n; i++) {
		c.io.arg = &place;
		r = download(&c, k, o, o->targets[i]);
	}
	tuf_client_free(&c);
	return r;
}

int
cmd_tuf(struct pkg *k, int argc, char **argv)
{
	struct options o = { 0 };
	struct pkg here = *k;
	const char *verb;
	int r = parse(&o, argc, argv);

	if (r)
		return r;
	verb = argv[optind];
	here.rootfd = open(o.metadata, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (here.rootfd < 0)
		return fail(ST_IO, "%s: %s", o.metadata, strerror(errno));
	if (strcmp(verb, "init") == 0 && optind + 2 == argc)
		r = init(&here, argv[optind + 1]);
	else if (strcmp(verb, "refresh") == 0 && o.metadata_url)
		r = online(&here, &o, false);
	else if (strcmp(verb, "download") == 0 && o.metadata_url && o.n && o.target_dir &&
			o.target_url)
		r = online(&here, &o, true);
	else
		r = take(&o, '?', NULL);
	close(here.rootfd);
	return r;
}
