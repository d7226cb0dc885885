/* SPDX-License-Identifier: MIT */
/* cook licenses: which texts of licences come with what is built. */
#include <stdlib.h>
#include <string.h>

#include "supply.h"

#define FOLDER "usr/share/licenses/"

static void
list_texts(const struct bom_set *s, const struct port *p, struct list *out)
{
	size_t i, k;

	for (i = 0; i < s->n; i++)
		for (k = 0; s->v[i].p == p && k < s->v[i].m.nfiles; k++)
			if (s->v[i].m.files[k].type == 'f' &&
			    strncmp(s->v[i].m.files[k].path, FOLDER, strlen(FOLDER)) == 0)
				list_add(out, strrchr(s->v[i].m.files[k].path, '/') + 1);
	cpk_list_sort(out);
}

int
cmd_licenses(struct cook *c, int argc, char **argv)
{
	struct bom_set s = { 0 };
	struct list texts = { 0 };
	size_t i, k;
	int bad = 0, a;

	for (a = 0; a < argc; a++)
		cook_need(c, argv[a]);
	want_named(c, 0, NULL);
	sched_scan(c);
	bom_add_built(c, &s);
	for (i = 0; i < c->nports; i++) {
		const struct port *p = &c->port[i];

		for (a = 0; a < argc && strcmp(argv[a], p->name) != 0; a++)
			;
		if (p->state != PORT_DONE || p->r->arch == ARCH_HOST || strchr(p->name, '@') ||
		    (argc && a == argc))
			continue;
		list_texts(&s, p, &texts);
		printf("%s\t%s\t", p->name, p->r->license);
		for (k = 0; k < texts.n; k++)
			printf("%s%s", k ? " " : "", texts.v[k]);
		puts(texts.n ? "" : "-");
		bad |= !texts.n;
		cpk_list_free(&texts);
	}
	if (bad)
		warn_("those with a dash come without the text of a licence: license-files, port.toml(5)");
	bom_free(&s);
	return bad;
}
