/* SPDX-License-Identifier: MIT */
/* basename, dirname, realpath. */
#include <assert.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void parts(const char *path, const char *dir, const char *base)
{
	char a[50], b[50];
	strcpy(a, path);
	strcpy(b, path);
	assert(!strcmp(dirname(a), dir) && !strcmp(basename(b), base));
}

int main(void)
{
	char *here = realpath(".", NULL), *p;
	parts("/usr/lib", "/usr", "lib");
	parts("/usr/", "/", "usr");
	parts("usr", ".", "usr");
	parts("/", "/", "/");
	parts("", ".", ".");
	parts("a//b//", "a", "b");
	assert(here && here[0] == '/' && mkdir("d", 0755) == 0 && symlink("d/../d", "l") == 0);
	assert((p = realpath("l/.././l", NULL)) && !strncmp(p, here, strlen(here)) && !strcmp(p + strlen(here), "/d"));
	assert(symlink("loop", "loop") == 0 && !realpath("loop", NULL) && errno == ELOOP);
	assert(!realpath("none", NULL) && errno == ENOENT && !strcmp(realpath("/..", NULL), "/"));
	return 0;
}
