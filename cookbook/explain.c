/* SPDX-License-Identifier: MIT */
/* After a failed step: what of its log comes from the rules of the sandbox. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#define TAIL 8192			/* bytes of the log that are looked at */

/* The absolute path in a line that says that a file is not there, fresh, or NULL. */
static char *
missing_path(const char *line)
{
	const char *s;
	size_t n;

	if (!strstr(line, "o such file or directory") && !strstr(line, "FileNotFoundError") &&
	    !strstr(line, "not found"))
		return NULL;
	for (s = strchr(line, '/'); s; s = strchr(s + n, '/')) {
		n = strcspn(s, " \t:;,'\"`()<>");
		if (s > line && (isalnum((unsigned char)s[-1]) || s[-1] == '.' || s[-1] == '/'))
			continue;
		if (n > 1 && strncmp(s, "/calx/", 6) != 0)
			return fmt("%.*s", (int)n, s);
	}
	return NULL;
}

/* "sh: 3: NAME: not found", "NAME: command not found": the name, fresh, or NULL. */
static char *
missing_program(const char *line)
{
	const char *end = strstr(line, ": not found"), *s;

	if (!end)
		end = strstr(line, ": command not found");
	if (!end)
		return NULL;
	for (s = end; s > line && s[-1] != ' '; s--)
		;
	return s < end && !memchr(s, '/', (size_t)(end - s)) ? fmt("%.*s", (int)(end - s), s) : NULL;
}

static void
explain_line(const char *line, struct list *said)
{
	char *path = missing_path(line), *program = missing_program(line), *what = NULL;

	if (path && exists(path))
		what = fmt("%s is on this host, but a build sees only what its recipe declares (source, "
			"build-depends, host-tools)", path);
	else if (program)
		what = fmt("the program '%s' is not there: name what brings it in host-tools "
			"(\"cmd:%s\" for one of the host's)", program, program);
	else if (strstr(line, "ead-only file system"))
		what = xdup("a build may write to {src}, {build}, {dest}, $HOME and /tmp only");
	else if (strstr(line, "No space left on device"))
		what = xdup("the disk, or the memory that /tmp lies in, is full");
	else if (strstr(line, "etwork is unreachable") || strstr(line, "ould not resolve") ||
	    strstr(line, "emporary failure in name resolution") ||
	    strstr(line, "ame or service not known"))
		what = xdup("a build has no network: what it needs belongs into 'source'");
	if (what && !list_has(said, what)) {
		warn_("sandbox: %s", what);
		list_add(said, what);
	}
	free(what);
	free(path);
	free(program);
}

void
explain_failure(const char *log)
{
	char *text, *line, *save;
	struct list said = { 0 };
	size_t len;

	text = read_file(log, &len);
	if (!text)
		return;
	for (line = strtok_r(text + (len > TAIL ? len - TAIL : 0), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "cook: ", 6) != 0)
			explain_line(line, &said);
	cpk_list_free(&said);
	free(text);
}
