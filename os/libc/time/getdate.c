/* SPDX-License-Identifier: MIT */
/* getdate: a date by the first pattern of the file DATEMSK that fits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int getdate_err;

/* What the pattern did not say comes from now; a weekday alone is the next such day. */
static int complete(struct tm *tm, const struct tm *now)
{
	int date = tm->tm_year != -1 || tm->tm_mon != -1 || tm->tm_mday != -1, wday = tm->tm_wday;
	if (tm->tm_hour < 0)
		tm->tm_hour = now->tm_hour;
	if (tm->tm_min < 0)
		tm->tm_min = now->tm_min;
	if (tm->tm_sec < 0)
		tm->tm_sec = now->tm_sec;
	if (tm->tm_mday < 0)
		tm->tm_mday = tm->tm_mon >= 0 ? 1 : now->tm_mday;
	if (!date && wday >= 0)
		tm->tm_mday += (wday - now->tm_wday + 7) % 7;
	if (tm->tm_year < 0)
		tm->tm_year = now->tm_year + (tm->tm_mon >= 0 && tm->tm_mon < now->tm_mon);
	if (tm->tm_mon < 0)
		tm->tm_mon = now->tm_mon;
	tm->tm_isdst = -1;
	return mktime(tm) == -1 ? 8 : 0;
}

static int search(FILE *f, const char *s, struct tm *tm)
{
	char line[256];
	time_t t = time(NULL);
	struct tm now;
	localtime_r(&t, &now);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		*tm = (struct tm){ .tm_sec = -1, .tm_min = -1, .tm_hour = -1, .tm_mday = -1, .tm_mon = -1,
			.tm_year = -1, .tm_wday = -1, .tm_isdst = -1 };
		const char *end = strptime(s, line, tm);
		if (end && !*end)
			return complete(tm, &now);
	}
	return ferror(f) ? 5 : 7;
}

struct tm *getdate(const char *s)
{
	static struct tm tm;
	const char *name = getenv("DATEMSK");
	if (!name) {
		getdate_err = 1;
		return NULL;
	}
	FILE *f = fopen(name, "re");
	if (!f) {
		getdate_err = 2;
		return NULL;
	}
	int e = search(f, s, &tm);
	fclose(f);
	if (!e)
		return &tm;
	getdate_err = e;
	return NULL;
}
