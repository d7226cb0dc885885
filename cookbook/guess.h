/* SPDX-License-Identifier: MIT */
/* Guesses about an archive that is to become a port; each says what it leans on. */
#ifndef COOK_GUESS_H
#define COOK_GUESS_H

#include "cook.h"

struct guess {
	char *name, *version;
	char *source;			/* the address with {version} in it */
	const char *system;		/* "configure", … or NULL */
	char *system_from;		/* the file that says so */
	char *dir;			/* where it is below the sources, or NULL */
	int cxx;			/* it needs a C++ compiler */
	char *license, *license_from;	/* expression or NULL; files */
	char *summary, *homepage;	/* or NULL */
	struct list depends;		/* recipes that it asks pkg-config for */
};

/* guess_name.c: from an address; 0, or -1 when it does not say name and version. */
int guess_name(struct guess *g, const char *url);

/* guess_build.c, guess_license.c: from the sources below dir */
void guess_build(struct guess *g, const struct cook *c, const char *dir);
void guess_license(struct guess *g, const char *dir);
void guess_free(struct guess *g);

/* At most n bytes of a file, fresh, "" when it cannot be read. */
char *guess_read(const char *dir, const char *name, size_t n);

#endif
