/* SPDX-License-Identifier: MIT */
/* Dates read back from what strftime wrote, and from damaged text. */
#include <stdio.h>
#include <time.h>
#include "random.h"

int main(int argc, char **argv)
{
	static const char *const fmts[] = { "%Y-%m-%d %H:%M:%S", "%a %b %e %T %Y", "%D %R", "%A, %d %B %y", "%j %Y",
		"%I:%M %p", "%F", "%s", "%Y%m%d", "%C%y", "%n%H%t%M", "%h %d" };
	random_init(argc, argv);
	setenv("TZ", "UTC", 1);
	for (int i = 0; i < 4000; i++) {
		char s[100];
		struct tm tm, got;
		time_t t = random_u64() % 4000000000;
		const char *f = fmts[random_below(12)];
		gmtime_r(&t, &tm);
		strftime(s, sizeof(s), f, &tm);
		if (*s && !random_below(3))
			s[random_below(strlen(s))] = "0x 9:"[random_below(5)];
		memset(&got, 0, sizeof(got));
		char *e = strptime(s, f, &got);
		printf("%s [%s]: %d", f, s, e ? (int)(e - s) : -1);
		if (e)
			printf(" %d %d %d %d %d %d", got.tm_year, got.tm_mon, got.tm_mday, got.tm_hour, got.tm_min, got.tm_sec);
		putchar('\n');
	}
	return 0;
}
