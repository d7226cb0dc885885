/* SPDX-License-Identifier: MIT */
/* Hints in messages about a word that nobody knows: which of the known ones is nearly the same. */
#ifndef NEAREST_H
#define NEAREST_H

#define NEAREST_HINT 96

struct nearest {
	const char *word;		/* what was written; the rest begins as 0 */
	const char *best;		/* the nearest of those tried, or NULL when none is near */
	unsigned cost;
};

/* A word that is known; it must live as long as n. */
void nearest_try(struct nearest *n, const char *candidate);

/* "; did you mean WORD?" in buf, or "": what a message ends with. */
const char *nearest_hint(const struct nearest *n, char buf[NEAREST_HINT]);

#endif
