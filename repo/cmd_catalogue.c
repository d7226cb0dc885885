/* SPDX-License-Identifier: MIT */
/* repo catalogue: static pages of all packages of a repository, for any web server or none. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue.h"

static int
make_all(struct catalogue *c, struct cpk_error *err)
{
	size_t i;
	int r = cat_load(c, err);

	if (!r && mkdir(c->out, 0755) && errno != EEXIST)
		r = cpk_fail(err, -errno, "%s: %s", c->out, strerror(errno));
	if (!r)
		r = html_assets(c, err);
	if (!r)
		r = cat_lists(c, err);
	for (i = 0; !r && i < c->n; i++)
		r = cat_package_page(c, &c->v[i], err);
	return r;
}

int
cmd_catalogue(int argc, char **argv)
{
	struct catalogue c = { 0 };
	struct cpk_error err = { .text = "" };
	int o, r;

	while ((o = getopt(argc, argv, "t:c:")) != -1) {
		if (o == '?')
			return usage(NULL);
		if (o == 't')
			c.tree = optarg;
		else
			c.cache = optarg;
	}
	if (optind + 2 != argc)
		return usage("catalogue takes a repository and a folder for the pages");
	c.repo = argv[optind];
	c.out = argv[optind + 1];
	r = make_all(&c, &err);
	if (!r)
		printf("%zu packages in %s/index.html\n", c.n, c.out);
	else
		complain("%s", *err.text ? err.text : strerror(-r));
	cat_free(&c);
	return r != 0;
}
