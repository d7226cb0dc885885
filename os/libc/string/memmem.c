/* SPDX-License-Identifier: MIT */
/*
 * memmem: the two-way algorithm of Crochemore and Perrin ("Two-way string-matching", 1991): linear
 * time, no memory. The needle is cut at a critical place: its right part is compared forwards, then
 * its left part backwards, and a mismatch says how far the window may move.
 */
#include <stdint.h>
#include <string.h>

struct cut {
	size_t at;		/* where the right part begins */
	size_t period;		/* of the right part */
};

/* The greatest suffix of x in the order of bytes, or in the reverse order. */
static struct cut greatest_suffix(const uint8_t *x, size_t n, int reverse)
{
	struct cut best = { 0, 1 };
	size_t next = 1, same = 0;

	while (next + same < n) {
		int a = x[best.at + same], b = x[next + same];

		if (a == b) {
			if (++same == best.period) {
				next += best.period;
				same = 0;
			}
		} else if ((b < a) != reverse) {	/* the suffix at next is the smaller one */
			next += same + 1;
			same = 0;
			best.period = next - best.at;
		} else {
			best.at = next++;
			best.period = 1;
			same = 0;
		}
	}
	return best;
}

static struct cut critical(const uint8_t *x, size_t n)
{
	struct cut a = greatest_suffix(x, n, 0), b = greatest_suffix(x, n, 1);

	return a.at > b.at ? a : b;
}

/* The window at y holds all of x; known bytes at its head need no look. *move: how far to go if not. */
static int match_at(const uint8_t *x, size_t n, const uint8_t *y, struct cut c, size_t known,
		    size_t *move)
{
	size_t i = c.at > known ? c.at : known;

	while (i < n && x[i] == y[i])
		i++;
	if (i < n) {
		*move = i - c.at + 1;
		return 0;
	}
	*move = 0;
	for (i = c.at; i > known && x[i - 1] == y[i - 1]; i--)
		;
	return i <= known;
}

static void *search(const uint8_t *y, size_t len, const uint8_t *x, size_t n)
{
	struct cut c = critical(x, n);
	int periodic = c.at + c.period <= n && memcmp(x, x + c.period, c.at) == 0;
	size_t known = 0, move;

	if (!periodic)
		c.period = (c.at > n - c.at ? c.at : n - c.at) + 1;
	while (len >= n) {
		if (match_at(x, n, y, c, known, &move))
			return (void *)y;
		known = 0;
		if (!move) {			/* the right part was there, the left was not */
			move = c.period;
			known = periodic ? n - c.period : 0;
		}
		if (move > len)
			break;
		y += move;
		len -= move;
	}
	return NULL;
}

void *memmem(const void *hay, size_t len, const void *needle, size_t n)
{
	const uint8_t *first;

	if (!n)
		return (void *)hay;
	if (len < n)
		return NULL;
	first = memchr(hay, *(const uint8_t *)needle, len - n + 1);
	if (!first || n == 1)
		return (void *)first;
	return search(first, len - (size_t)(first - (const uint8_t *)hay), needle, n);
}
