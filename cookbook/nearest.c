/* SPDX-License-Identifier: MIT */
/* The word that somebody may have meant who wrote another, for messages. */
#include <stdio.h>
#include <string.h>

#include "nearest.h"

#define MAX	64			/* longer words are not compared */

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters to insert, remove, replace or swap with their neighbour make b of a. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[3][MAX + 1], *before = row[0], *last = row[1], *now = row[2], *spare;
	size_t i, j;

	for (j = 0; j <= nb; j++)
		last[j] = (unsigned)j;
	for (i = 1; i <= na; i++) {
		now[0] = (unsigned)i;
		for (j = 1; j <= nb; j++) {
			now[j] = least(last[j - 1] + (a[i - 1] != b[j - 1]), least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[nb];
}

void
nearest_try(struct nearest *n, const char *candidate)
{
	size_t have = strlen(n->word), other = strlen(candidate);
	unsigned cost, most = have < 3 ? 0 : have < 6 ? 1 : have < 12 ? 2 : 3;

	if (have > MAX || other > MAX || !most)
		return;
	cost = distance(n->word, have, candidate, other);
	if (cost > most || (n->best && cost >= n->cost))
		return;
	n->best = candidate;
	n->cost = cost;
}

const char *
nearest_hint(const struct nearest *n, char buf[NEAREST_HINT])
{
	buf[0] = '\0';
	if (n->best)
		snprintf(buf, NEAREST_HINT, "; did you mean %s?", n->best);
	return buf;
}
