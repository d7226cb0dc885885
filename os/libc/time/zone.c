/* SPDX-License-Identifier: MIT */
/* The local time zone: TZ, or /etc/localtime. Read again whenever TZ has changed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lock.h"
#include "tzfile.h"

char *tzname[2] = { (char *)__utc_name, (char *)__utc_name };
long timezone;
int daylight;
const char __utc_name[] = "UTC";

static struct lock zone_lock;		/* guards everything below, tzname, timezone, daylight */
static char known[256];			/* the value of TZ that was read, "\1" before the first */
static int initialized;
static struct rules rules;
static struct tzif file;
static enum { UTC, RULES, FILE_ZONE } source;

static void
lookup(long long t, struct zone *z)
{
	if (source == FILE_ZONE) {
		__tzif_at(&file, t, z);
	} else if (source == RULES) {
		__rules_at(&rules, t, z);
	} else {
		z->off = 0;
		z->dst = 0;
		z->name = __utc_name;
	}
}

/* tzname, timezone and daylight as POSIX wants them: of this year's zone in summer and winter. */
static void
publish(void)
{
	long long now = time(NULL), half = 183 * 86400LL;
	struct zone z;
	int i;

	daylight = 0;
	for (i = 0; i < 3; i++) {
		lookup(now + (i - 1) * half, &z);
		tzname[z.dst] = (char *)z.name;
		if (z.dst)
			daylight = 1;
		else
			timezone = -z.off;
	}
	if (!daylight)
		tzname[1] = tzname[0];
}

/* Reads the zone that TZ names; the lock is held. */
static void
refresh(void)
{
	const char *tz = getenv("TZ"), *name;

	if (!tz)
		tz = "/etc/localtime";
	if (initialized && strcmp(tz, known) == 0)
		return;
	__tzif_close(&file);
	source = UTC;
	strncpy(known, tz, sizeof(known) - 1);
	initialized = strlen(tz) < sizeof(known);
	name = *tz == ':' ? tz + 1 : tz;
	if (*name && *tz != ':' && __rules_parse(name, &rules) == 0)
		source = RULES;
	else if (*name && __tzif_open(name, &file) == 0)
		source = FILE_ZONE;
	publish();
}

void
tzset(void)
{
	lock(&zone_lock);
	refresh();
	unlock(&zone_lock);
}

void
__zone_at(long long t, struct zone *z)
{
	lock(&zone_lock);
	refresh();
	lookup(t, z);
	unlock(&zone_lock);
}

/*
 * The offset must satisfy t = utc + offset. Around a change there are two candidates, or none;
 * the one whose daylight flag was asked for wins, else the first that fits, else that before it.
 */
void
__zone_local(long long t, int dst, struct zone *z)
{
	struct zone before, after;

	lock(&zone_lock);
	refresh();
	lookup(t - 86400, &before);
	lookup(t + 86400, &after);
	lookup(t - before.off, z);
	if (z->off != before.off)
		lookup(t - after.off, z);
	if (z->off != before.off && z->off != after.off)
		*z = before;
	if (before.off != after.off && dst >= 0 && z->dst != (dst > 0)) {
		if (before.dst == (dst > 0))
			*z = before;
		else if (after.dst == (dst > 0))
			*z = after;
	}
	unlock(&zone_lock);
}

const char *
__tm_zone(const struct tm *tm)
{
	if (tm->tm_zone)
		return tm->tm_zone;
	if (tm->tm_isdst < 0)
		return "";
	tzset();
	return tzname[tm->tm_isdst > 0];
}
