/* SPDX-License-Identifier: MIT */
/* Links that lead to themselves, directly or by a "..", give ELOOP; many that lead somewhere do not. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/symlink-loops.XXXXXX";

/* A link with "%s" for the folder in its text. */
static void make(const char *target, const char *name)
{
	char text[300];

	snprintf(text, sizeof(text), target, top, top);
	unlink(name);
	assert(!symlink(text, name));
}

static int loops(const char *target)
{
	static const char *const paths[] = { "l", "l/", "l/x", "l/../l", "l/./../l/x" };
	char full[300], resolved[PATH_MAX];
	struct stat st;

	make(target, "l");
	for (int i = 0; i < 5; i++) {
		snprintf(full, sizeof(full), "%s/%s", top, paths[i]);
		if (stat(paths[i], &st) != -1 || errno != ELOOP || stat(full, &st) != -1 || errno != ELOOP ||
		    open(full, O_RDONLY) != -1 || errno != ELOOP || realpath(full, resolved) || errno != ELOOP)
			return 0;
	}
	return !lstat("l", &st) && S_ISLNK(st.st_mode);
}

int main(void)
{
	char name[20], target[60];
	struct stat st;

	assert(mkdtemp(top) && !chdir(top));
	assert(loops("l") && loops("l/inside") && loops("./l/../l") && loops("%s/l") && loops("%s/l/inside"));
	assert(loops("%s/l/../l") && loops("%s/l/../l/../l") && loops("%s/l/.."));
	assert(!unlink("l") && !mkdir("d", 0755));
	make("%s/d", "k0");
	for (int i = 1; i <= 6; i++) {	/* each is reached by a ".." behind the one before */
		snprintf(name, sizeof(name), "k%d", i);
		snprintf(target, sizeof(target), "%%s/k%d/../d", i - 1);
		make(target, name);
	}
	assert(!stat("k6", &st) && S_ISDIR(st.st_mode) && !stat("k6/../k5/../k4/../k3/../d", &st));
	for (int i = 0; i <= 6; i++) {
		snprintf(name, sizeof(name), "k%d", i);
		assert(!unlink(name));
	}
	assert(!rmdir("d") && !chdir("/") && !rmdir(top));
	return 0;
}
