/* SPDX-License-Identifier: MIT */
/* tmpfile, tmpnam, tempnam. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include "tempname.h"

FILE *tmpfile(void)
{
	char name[] = "/tmp/tmpfXXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return NULL;
	unlink(name);
	FILE *f = fdopen(fd, "w+");
	if (!f)
		close(fd);
	return f;
}

char *tmpnam(char *buf)
{
	static char own[L_tmpnam];
	char name[] = "/tmp/tmpnXXXXXX";
	struct stat st;
	for (int i = 0; i < 100; i++) {
		__temp_letters(name + sizeof(name) - 7);
		if (lstat(name, &st) < 0 && errno == ENOENT)
			return strcpy(buf ? buf : own, name);
	}
	return NULL;
}

char *tempnam(const char *dir, const char *prefix)
{
	const char *env = getenv("TMPDIR");
	struct stat st;
	char *s;
	if (env && stat(env, &st) == 0)
		dir = env;
	else if (!dir || stat(dir, &st) < 0)
		dir = P_tmpdir;
	for (int i = 0; i < 100; i++) {
		if (asprintf(&s, "%s/%.5sXXXXXX", dir, prefix ? prefix : "temp") < 0)
			return NULL;
		__temp_letters(s + strlen(s) - 6);
		if (lstat(s, &st) < 0 && errno == ENOENT)
			return s;
		free(s);
	}
	return NULL;
}
