/* SPDX-License-Identifier: MIT */
/* memmem by the two-way algorithm (Crochemore and Perrin): linear time, no memory. */
#include <string.h>
#include <stdint.h>

#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* The maximal suffix of n under < (or > when inv); its period goes to *per. */
static size_t max_suffix(const uint8_t *n, size_t l, int inv, size_t *per)
{
	size_t ip = -1, jp = 0, k = 1, p = 1;
	while (jp + k < l) {
		uint8_t a = n[ip + k], b = n[jp + k];
		if (a == b) {
			if (k == p) {
				jp += p;
				k = 1;
			} else {
				k++;
			}
		} else if (inv ? a < b : a > b) {
			jp += k;
			k = 1;
			p = jp - ip;
		} else {
			ip = jp++;
			k = p = 1;
		}
	}
	*per = p;
	return ip;
}

static void *two_way(const uint8_t *h, size_t hl, const uint8_t *n, size_t l)
{
	size_t p, q, mem = 0, mem0 = 0;
	size_t ms = max_suffix(n, l, 0, &p);
	size_t ms2 = max_suffix(n, l, 1, &q);
	size_t shift[256];
	const uint8_t *end = h + hl;

	if (ms2 + 1 > ms + 1) {
		ms = ms2;
		p = q;
	}
	if (memcmp(n, n + p, ms + 1))
		p = MAX(ms, l - ms - 1) + 1;
	else
		mem0 = l - p;
	for (int i = 0; i < 256; i++)
		shift[i] = l;
	for (size_t i = 0; i < l; i++)
		shift[n[i]] = l - 1 - i;

	while ((size_t)(end - h) >= l) {
		size_t k = shift[h[l - 1]];
		if (k) {
			h += MAX(k, mem);
			mem = 0;
			continue;
		}
		for (k = MAX(ms + 1, mem); k < l && n[k] == h[k]; k++)
			;
		if (k < l) {
			h += k - ms;
			mem = 0;
			continue;
		}
		for (k = ms + 1; k > mem && n[k - 1] == h[k - 1]; k--)
			;
		if (k <= mem)
			return (void *)h;
		h += p;
		mem = mem0;
	}
	return NULL;
}

void *memmem(const void *hay, size_t hl, const void *needle, size_t nl)
{
	const uint8_t *h = hay, *n = needle;
	if (!nl)
		return (void *)h;
	if (hl < nl)
		return NULL;
	const uint8_t *first = memchr(h, *n, hl - nl + 1);
	if (!first || nl == 1)
		return (void *)first;
	return two_way(first, hl - (first - h), n, nl);
}
