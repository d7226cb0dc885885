/* SPDX-License-Identifier: MIT */
/* What is known about where packages come from: shared by sbom*.c, cve*.c and mirror_out.c. */
#ifndef COOK_SUPPLY_H
#define COOK_SUPPLY_H

#include <jansson.h>

#include "cook.h"

/* Options that only these commands have. */
extern struct supply_options {
	const char *image;		/* --image: a root folder or a list of packages */
	const char *db;			/* --db: advisories */
	int slurm;			/* --slurm: build by jobs of Slurm */
} supply_options;

int cmd_sbom(struct cook *c, int argc, char **argv);
int cmd_licenses(struct cook *c, int argc, char **argv);
int cmd_cve(struct cook *c, int argc, char **argv);
int cmd_mirror(struct cook *c, int argc, char **argv);

/* --- sbom_set.c: packages with their manifests -------------------------- */

struct bom_package {
	struct port *p;			/* NULL when no recipe here made it */
	char *file;			/* the .cpk, or NULL */
	struct cpk_manifest m;
	int in;				/* of the closure asked for */
};

struct bom_set {
	struct bom_package *v;		/* sorted by name */
	size_t n;
};

void bom_add_built(struct cook *c, struct bom_set *s);	/* all that is built; needs sched_scan() */
/* What pkg has installed below root: 0, or -1 and a message. */
int bom_add_root(struct cook *c, struct bom_set *s, const char *root);
struct bom_package *bom_find(const struct bom_set *s, const char *name);	/* or NULL */
/* The package that satisfies a relation, by name or by what it provides; or NULL. */
struct bom_package *bom_satisfy(const struct bom_set *s, const char *relation);
void bom_close(struct bom_set *s, struct bom_package *p);	/* sets in, with all it needs */
void bom_free(struct bom_set *s);

/* --- sbom_names.c: names of other catalogues for what recipes package ---- */

/*
 * A source of a recipe by other people's names.  Debian's archives are called by Debian's name
 * and by upstream's part of the version; others by the recipe's, or by the file's name.
 */
struct origin {
	char *name, *version;
	char *debian;			/* name of Debian's source package, or NULL */
	char *purl;
	const char *sha256;		/* borrowed from the recipe */
	char *location;			/* address, or "debian:…" */
};

/* Archive i of a recipe: 1, or 0 when it is a tree. */
int origin_of(const struct recipe *r, size_t i, struct origin *o);
void origin_free(struct origin *o);
/* Fills cpe of recipes that do not say theirs, from cookbook/cpe.tsv. */
void cpe_load(struct cook *c);
char *cpe_name(const char *vendor_product, const char *version);	/* "cpe:2.3:a:…"; fresh */

/* CVE ids in a patch: its name, "CVE: CVE-…" in its head, its subject. */
void patch_cves(const struct cook *c, const struct recipe *r, const char *patch, struct list *out);

#endif
