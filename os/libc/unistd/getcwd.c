/* SPDX-License-Identifier: MIT */
/* getcwd.c: getcwd, getwd, get_current_dir_name. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

char *getcwd(char *buf, size_t len)
{
	char own[PATH_MAX];
	long n;

	if (buf && !len) {
		errno = EINVAL;
		return 0;
	}
	n = __ret(plat_getcwd(buf ? buf : own, buf ? len : sizeof(own)));
	if (n < 0)
		return 0;
	if (buf ? *buf != '/' : *own != '/') {
		errno = ENOENT;		/* the directory is not below the root */
		return 0;
	}
	if (buf)
		return buf;
	if (len && (size_t)n > len) {
		errno = ERANGE;
		return 0;
	}
	buf = malloc(len ? len : (size_t)n);
	return buf ? memcpy(buf, own, n) : 0;
}

char *getwd(char *buf)
{
	return getcwd(buf, PATH_MAX);
}

char *get_current_dir_name(void)
{
	struct stat a, b;
	char *pwd = getenv("PWD");

	if (pwd && *pwd == '/' && !stat(pwd, &a) && !stat(".", &b)
			&& a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return strdup(pwd);
	return getcwd(0, 0);
}
