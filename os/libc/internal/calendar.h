/* SPDX-License-Identifier: MIT */
/* calendar.h: what the files of time/ share: the proleptic Gregorian calendar and time zones. */
#ifndef INTERNAL_CALENDAR_H
#define INTERNAL_CALENDAR_H

#include <time.h>
#include "hidden.h"

/* Seconds since 1970 to broken-down UTC: 0, or -1 when the year does not fit. tm_gmtoff etc. are not set. */
hidden int __secs_to_tm(long long t, struct tm *tm);
/* The reverse; fields out of range carry over. Only year, mon, mday, hour, min, sec are read. */
hidden long long __tm_to_secs(const struct tm *tm);
/* Days since 1970-01-01 of a day in the calendar, month 0..11. */
hidden long long __days(long long year, int month, int day);

/* The zone in force at a time. */
struct zone {
	long off;		/* seconds east of UTC */
	int dst;
	const char *name;	/* lives until TZ changes */
};
/* Looks the zone up at UTC seconds t, reading TZ anew if it changed. Takes the zone lock. */
hidden void __zone_at(long long t, struct zone *z);
/* The zone for local seconds t (as if UTC); dst as tm_isdst asks (>0, 0, <0: find out). */
hidden void __zone_local(long long t, int dst, struct zone *z);
/* The name of tm's zone, for %Z; "" when unknown. */
hidden const char *__tm_zone(const struct tm *tm);

extern const char __utc_name[];

#endif
