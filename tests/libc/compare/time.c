/* SPDX-License-Identifier: MIT */
/* Calendar times in several zones, and every conversion of strftime. */
#include <stdio.h>
#include <time.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const zones[] = { "UTC", "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin",
		"America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "<+03>-3", "NZST-12NZDT,M9.5.0,M4.1.0/3" };
	random_init(argc, argv);
	for (int i = 0; i < 3000; i++) {
		char out[300];
		struct tm tm;
		time_t t = random_u64() % 6000000000;
		setenv("TZ", zones[random_below(9)], 1);
		tzset();
		if (!localtime_r(&t, &tm))
			continue;
		strftime(out, sizeof(out), "%A %a %B %b %C %c %D %d %e %F %G %g %H %I %j %k %l %M %m %n%p "
			"%R %r %S %s %T %t%U %u %V %W %w %X %x %Y %y %Z %z %% %_d %-m %^a %h %P", &tm);
		printf("%s %ld: %s dst %d %ld\n", getenv("TZ"), (long)t, out, tm.tm_isdst, tm.tm_gmtoff);
		tm.tm_mday += (int)random_below(100) - 50;
		tm.tm_hour = 5 + random_below(18);	/* never in an hour that comes twice */
		tm.tm_isdst = -1;
		time_t u = mktime(&tm);
		printf("%ld %d %d\n", (long)u, tm.tm_yday, tm.tm_isdst);
		gmtime_r(&t, &tm);
		printf("%ld %s", (long)timegm(&tm), asctime(&tm));
	}
	return 0;
}
