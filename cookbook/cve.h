/* SPDX-License-Identifier: MIT */
/* Advisories against recipes: shared by cve*.c. */
#ifndef COOK_CVE_H
#define COOK_CVE_H

#include "supply.h"

/* A source that advisories may speak of. */
struct cve_subject {
	struct port *p;
	const char *name;		/* of the recipe, or of a further archive */
	const char *version;		/* upstream's */
	const char *debian;		/* Debian's source package, or NULL */
	int main;			/* it is what the recipe is about: cpe counts */
};

struct cve_hit {
	const struct cve_subject *s;
	char *id, *fixed, *severity;	/* fixed: "1.2.13", "> 1.2.12", or "-" */
	const char *by;			/* "cpe", "purl" or "name": what matched */
	char *patch;			/* of ours that names it, or NULL */
};

struct cve_run {
	struct cook *c;
	struct cve_subject *subject;
	size_t nsubjects;
	struct cve_hit *hit;
	size_t nhits, entries;		/* entries: advisories looked at */
};

/* Of one advisory: found for s. fixed and severity may be NULL. */
void cve_found(struct cve_run *r, const struct cve_subject *s, const char *id, const char *fixed,
		const char *severity, const char *by);

/* cve_db.c: hands every document of a file, zip or folder to the two below; 0 or -1. */
int cve_read(struct cve_run *r, const char *path);

void cve_nvd_entry(struct cve_run *r, const json_t *cve);	/* "cve" of an NVD 2.0 entry */
void cve_osv_entry(struct cve_run *r, const json_t *doc);

/* cve_version.c */
/* Orders upstream versions; "1.0-rc1" and "1.0-beta" come before "1.0". */
int cve_version_cmp(const char *a, const char *b);
/* The same for a version of Debian ("1:1.3.dfsg-3+deb12u1"); upstream's counts as revision 0. */
int cve_debian_cmp(const char *upstream, const char *debian);
char *cve_debian_upstream(const char *debian);	/* upstream's part of it; fresh */

/* The base score of a CVSS 3 vector, times ten; -1 when it is none. */
int cve_cvss3(const char *vector);
const char *cve_rating(int score);	/* "HIGH" */

#endif
