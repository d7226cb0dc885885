/* SPDX-License-Identifier: MIT */
/* fmtmsg. */
#include <fmtmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which parts MSGVERB wants; all when it is not set or wrong. */
static unsigned wanted(void)
{
	static const char *const words[] = { "label", "severity", "text", "action", "tag" };
	const char *s = getenv("MSGVERB");
	unsigned set = 0;
	while (s && *s) {
		size_t n = strcspn(s, ":");
		int i;
		for (i = 0; i < 5 && (strlen(words[i]) != n || strncmp(s, words[i], n)); i++)
			;
		if (i == 5)
			return 31;
		set |= 1u << i;
		s += n + (s[n] == ':');
	}
	return set ? set : 31;
}

int fmtmsg(long class, const char *label, int severity, const char *text, const char *action,
	const char *tag)
{
	static const char *const names[] = { "", "HALT: ", "ERROR: ", "WARNING: ", "INFO: " };
	unsigned v = wanted();
	int r = MM_OK;
	if (class & MM_PRINT) {
		const char *sev = severity > 0 && severity < 5 ? names[severity] : "";
		if (fprintf(stderr, "%s%s%s%s%s%s%s%s\n",
		    label && v & 1 ? label : "", label && v & 1 ? ": " : "", v & 2 ? sev : "",
		    text && v & 4 ? text : "", action && v & 8 ? "\nTO FIX: " : "",
		    action && v & 8 ? action : "", tag && v & 16 ? " " : "", tag && v & 16 ? tag : "") < 0)
			r = MM_NOMSG;
	}
	if (class & MM_CONSOLE) {
		FILE *f = fopen("/dev/console", "we");
		if (!f || fprintf(f, "%s: %s\n", label ? label : "", text ? text : "") < 0)
			r = r == MM_NOMSG ? MM_NOTOK : MM_NOCON;
		if (f)
			fclose(f);
	}
	return r;
}
