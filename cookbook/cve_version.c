/* SPDX-License-Identifier: MIT */
/* Versions as advisories write them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cve.h"

/* What makes a version an earlier one than the same without it. */
static const char *const before[] = { "alpha", "beta", "rc", "pre", "dev", NULL };

/* In cpk_version_cmp()'s terms: '~' before such words, no dashes; fresh. */
static char *
plain(const char *s)
{
	struct buf b = { 0 };
	size_t i;

	if (*s == 'v' && isdigit((unsigned char)s[1]))
		s++;
	buf_add(&b, "", 0);
	for (; *s; s++) {
		for (i = 0; before[i] && strncasecmp(s, before[i], strlen(before[i])) != 0; i++)
			;
		if (before[i]) {
			if (b.n && strchr(".~", b.s[b.n - 1]))
				b.s[--b.n] = '\0';
			buf_fmt(&b, "~%s", before[i]);
			s += strlen(before[i]) - 1;
		} else {
			buf_add(&b, strchr("-_", *s) ? "." : s, 1);
		}
	}
	return b.s;
}

int
cve_version_cmp(const char *a, const char *b)
{
	char *x = plain(a), *y = plain(b);
	int r = cpk_version_cmp(x, y);

	free(x);
	free(y);
	return r;
}

char *
cve_debian_upstream(const char *debian)
{
	static const char *const repacked[] = { "+dfsg", ".dfsg", "~dfsg", "+ds", "+repack", NULL };
	const char *colon = strchr(debian, ':'), *start = colon ? colon + 1 : debian;
	const char *really = strstr(start, "+really");
	char *s = xdup(really ? really + 7 : start), *dash = strrchr(s, '-'), *at;
	size_t i;

	if (dash)
		*dash = '\0';
	for (i = 0; repacked[i]; i++)
		if ((at = strstr(s, repacked[i])))
			*at = '\0';
	return s;
}

int
cve_debian_cmp(const char *upstream, const char *debian)
{
	char *theirs = cve_debian_upstream(debian);
	const char *dash = strrchr(debian, '-');
	int r = cve_version_cmp(upstream, theirs);

	free(theirs);
	return r ? r : dash && strcmp(dash, "-0") != 0 ? -1 : 0;
}

/* --- CVSS 3 --- */

/* The value of metric "AV" in "CVSS:3.1/AV:N/…", or 0. */
static char
metric(const char *vector, const char *name)
{
	size_t n = strlen(name);
	const char *s;

	for (s = strchr(vector, '/'); s; s = strchr(s + 1, '/'))
		if (strncmp(s + 1, name, n) == 0 && s[n + 1] == ':')
			return s[n + 2];
	return 0;
}

static double
weight(char value, const char *values, const double *weights)
{
	const char *at = value ? strchr(values, value) : NULL;

	return at ? weights[at - values] : -1000;
}

/* Up to one digit, as the specification's appendix does it. */
static int
round_up(double x)
{
	long n = (long)(x * 100000 + 0.5);

	return n % 10000 == 0 ? (int)(n / 10000) : (int)(n / 10000 + 1);
}

int
cve_cvss3(const char *v)
{
	static const double av[] = { 0.85, 0.62, 0.55, 0.2 }, ac[] = { 0.77, 0.44 };
	static const double pr[] = { 0.85, 0.62, 0.27 }, pr_changed[] = { 0.85, 0.68, 0.5 };
	static const double ui[] = { 0.85, 0.62 }, cia[] = { 0, 0.22, 0.56 };
	int changed = metric(v, "S") == 'C';
	double base, impact, easy, power;
	size_t i;

	if (strncmp(v, "CVSS:3.", 7) != 0)
		return -1;
	base = 1 - (1 - weight(metric(v, "C"), "NLH", cia)) * (1 - weight(metric(v, "I"), "NLH", cia)) *
		(1 - weight(metric(v, "A"), "NLH", cia));
	easy = 8.22 * weight(metric(v, "AV"), "NALP", av) * weight(metric(v, "AC"), "LH", ac) *
		weight(metric(v, "PR"), "NLH", changed ? pr_changed : pr) *
		weight(metric(v, "UI"), "NR", ui);
	if (easy < 0 || base < 0 || base > 1)
		return -1;
	for (i = 0, power = 1; i < 15; i++)
		power *= base - 0.02;
	impact = changed ? 7.52 * (base - 0.029) - 3.25 * power : 6.42 * base;
	if (impact <= 0)
		return 0;
	base = (changed ? 1.08 : 1) * (impact + easy);
	return round_up(base > 10 ? 10 : base);
}

const char *
cve_rating(int score)
{
	return score >= 90 ? "CRITICAL" : score >= 70 ? "HIGH" : score >= 40 ? "MEDIUM" :
		score > 0 ? "LOW" : "NONE";
}
