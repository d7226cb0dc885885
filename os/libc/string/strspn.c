/* SPDX-License-Identifier: MIT */
/* strspn, strcspn, strpbrk. */
#include <string.h>
#include <stdint.h>

/* A set of bytes: one bit each. */
struct set { uint64_t bits[4]; };

static inline void set_fill(struct set *set, const char *s)
{
	*set = (struct set){ 0 };
	for (; *s; s++)
		set->bits[(uint8_t)*s / 64] |= 1ul << ((uint8_t)*s % 64);
}

static inline int set_has(const struct set *set, char c)
{
	return set->bits[(uint8_t)c / 64] >> ((uint8_t)c % 64) & 1;
}

size_t strspn(const char *s, const char *accept)
{
	struct set set;
	const char *p = s;
	if (!*accept)
		return 0;
	set_fill(&set, accept);
	while (set_has(&set, *p))
		p++;
	return p - s;
}

size_t strcspn(const char *s, const char *reject)
{
	struct set set;
	const char *p = s;
	if (!reject[0] || !reject[1])
		return strchrnul(s, *reject) - s;
	set_fill(&set, reject);
	set.bits[0] |= 1;
	while (!set_has(&set, *p))
		p++;
	return p - s;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}
