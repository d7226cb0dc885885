/* SPDX-License-Identifier: MIT */
/* ecvt, fcvt, gcvt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *ecvt(double v, int n, int *point, int *neg)
{
	static char buf[24];
	char t[40];
	n = n < 1 ? 1 : n > 17 ? 17 : n;
	snprintf(t, sizeof(t), "%.*e", n - 1, v);
	char *p = t;
	*neg = *p == '-';
	p += *neg;
	if (*p - '0' >= 10u) {
		*point = 0;
		return strcpy(buf, p);
	}
	buf[0] = *p;
	if (p[1] == '.') {
		memcpy(buf + 1, p + 2, n - 1);
		p += n;
	}
	buf[n] = 0;
	*point = v ? atoi(strchr(p, 'e') + 1) + 1 : 1;
	return buf;
}

char *fcvt(double v, int n, int *point, int *neg)
{
	static char buf[400];
	char t[400], *p = t, *dot;
	n = n < 0 ? 0 : n > 40 ? 40 : n;
	snprintf(t, sizeof(t), "%.*f", n, v);
	*neg = *p == '-';
	p += *neg;
	dot = strchrnul(p, '.');
	*point = dot - p;
	if (*dot)
		memmove(dot, dot + 1, strlen(dot));
	while (*p == '0' && p[1]) {
		p++;
		--*point;
	}
	return strcpy(buf, p);
}

char *gcvt(double v, int n, char *buf)
{
	sprintf(buf, "%.*g", n, v);
	return buf;
}
