/* SPDX-License-Identifier: MIT */
/* strtonum: a number between two limits, or a word about what is wrong. */
#include <stdlib.h>
#include <errno.h>

long long strtonum(const char *s, long long min, long long max, const char **msg)
{
	const char *why = NULL;
	char *end;
	int saved = errno;
	long long v = 0;

	errno = 0;
	if (min > max) {
		why = "invalid";
		errno = EINVAL;
	} else {
		v = strtoll(s, &end, 10);
		if (end == s || *end) {
			why = "invalid";
			errno = EINVAL;
		} else if (v < min || (v == min && errno == ERANGE && v < 0)) {
			why = "too small";
			errno = ERANGE;
		} else if (v > max || errno == ERANGE) {
			why = "too large";
			errno = ERANGE;
		}
	}
	if (msg)
		*msg = why;
	if (why)
		return 0;
	errno = saved;
	return v;
}
