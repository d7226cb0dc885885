/* SPDX-License-Identifier: MIT */
/* Time zones as zone.c reads them: rules of a TZ string, or transitions of a TZif file (RFC 8536). */
#ifndef TIME_TZFILE_H
#define TIME_TZFILE_H

#include <stddef.h>
#include <stdint.h>

#include "calendar.h"

#define ZONE_NAME	16		/* bytes of a name with its end */

/* One end of daylight saving: month, week and day (M), or a day of the year (J, n). */
struct change {
	char kind;			/* 'M', 'J' or 'n' */
	int month, week, day;
	long at;			/* seconds after midnight, local time */
};

/* A POSIX TZ string. */
struct rules {
	char name[2][ZONE_NAME];	/* standard, daylight */
	long off[2];			/* seconds east of UTC */
	int has_dst;
	struct change change[2];	/* to daylight, to standard */
};

/* A TZif file, mapped; the tables lie in it big-endian. */
struct tzif {
	const unsigned char *map;
	size_t size;
	const unsigned char *times, *kinds, *types, *names;
	uint32_t ntimes, ntypes, nnames;
	struct rules foot;		/* after the last transition */
	int has_foot;
};

/* 0, or -1 when s is no TZ string. */
hidden int __rules_parse(const char *s, struct rules *r);
hidden void __rules_at(const struct rules *r, long long t, struct zone *z);

/* Opens the zone of that name below /usr/share/zoneinfo, or an absolute file: 0 or -1. */
hidden int __tzif_open(const char *name, struct tzif *f);
hidden void __tzif_close(struct tzif *f);
hidden void __tzif_at(const struct tzif *f, long long t, struct zone *z);

#endif
