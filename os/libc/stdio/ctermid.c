/* SPDX-License-Identifier: MIT */
/* ctermid, cuserid. */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <pwd.h>
#include <unistd.h>

char *ctermid(char *s)
{
	static char name[] = "/dev/tty";
	return s ? strcpy(s, name) : name;
}

char *cuserid(char *buf)
{
	static char own[L_cuserid];
	struct passwd *pw = getpwuid(geteuid());
	if (!buf)
		buf = own;
	*buf = 0;
	if (pw)
		strlcpy(buf, pw->pw_name, L_cuserid);
	return buf;
}
