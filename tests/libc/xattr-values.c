/* SPDX-License-Identifier: MIT */
/* Extended attributes come back as they were set, by path, through a link and by descriptor. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define CHECK(x) do { errno = 0; if (!(x)) printf("%s:%d: %s, errno %d\n", __FILE__, __LINE__, #x, errno); } while (0)

static char big[XATTR_SIZE_MAX + 1], buf[XATTR_SIZE_MAX + 1];

static int listed(const char *list, ssize_t n, const char *name)
{
	for (const char *p = list; p < list + n; p += strlen(p) + 1)
		if (!strcmp(p, name))
			return 1;
	return 0;
}

static void by_path(const char *name, const char *link)
{
	CHECK(getxattr(link, "user.a", buf, sizeof(buf)) == 3 && !memcmp(buf, "one", 3));
	CHECK(getxattr(name, "user.a", NULL, 0) == 3);
	CHECK(getxattr(name, "user.a", buf, 2) == -1 && errno == ERANGE);
	CHECK(getxattr(name, "user.none", buf, 2) == -1 && errno == ENODATA);
	CHECK(setxattr(name, "user.a", "two", 3, XATTR_CREATE) == -1 && errno == EEXIST);
	CHECK(setxattr(name, "user.b", "two", 3, XATTR_REPLACE) == -1 && errno == ENODATA);
	CHECK(setxattr(name, "user.a", "seven", 5, XATTR_REPLACE) == 0);
	CHECK(getxattr(name, "user.a", buf, sizeof(buf)) == 5 && !memcmp(buf, "seven", 5));
	CHECK(getxattr("/tmp/none/such", "user.a", buf, 1) == -1 && errno == ENOENT);
	CHECK(setxattr(name, "nonsense", "", 0, 0) == -1 && errno == EOPNOTSUPP);
	CHECK(lsetxattr(link, "user.l", "x", 1, 0) == -1 && errno == EPERM);
}

static void by_descriptor(int fd, const char *name)
{
	ssize_t n;

	CHECK(fsetxattr(fd, "user.empty", "", 0, 0) == 0 && fgetxattr(fd, "user.empty", buf, sizeof(buf)) == 0);
	n = flistxattr(fd, NULL, 0);
	CHECK(n >= 18 && flistxattr(fd, buf, sizeof(buf)) == n);
	CHECK(listed(buf, n, "user.a") && listed(buf, n, "user.empty"));
	CHECK(listxattr(name, buf, 3) == -1 && errno == ERANGE);
	memset(big, 'x', sizeof(big));
	CHECK(fsetxattr(fd, "user.big", big, sizeof(big), 0) == -1 && errno == E2BIG);
	if (!fsetxattr(fd, "user.big", big, 3000, 0))
		CHECK(fgetxattr(fd, "user.big", buf, sizeof(buf)) == 3000 && !memcmp(buf, big, 3000));
	CHECK(removexattr(name, "user.a") == 0 && fremovexattr(fd, "user.empty") == 0);
	CHECK(fgetxattr(fd, "user.a", buf, sizeof(buf)) == -1 && errno == ENODATA);
	CHECK(fremovexattr(fd, "user.a") == -1 && errno == ENODATA);
}

/* A host's file system may have none: then there is nothing to see. */
int main(void)
{
	char name[] = "/tmp/xattr-XXXXXX", link[64];
	int fd = mkstemp(name);

	snprintf(link, sizeof(link), "%s.link", name);
	CHECK(fd >= 0 && !symlink(name, link));
	if (!fsetxattr(fd, "user.a", "one", 3, 0)) {
		by_path(name, link);
		by_descriptor(fd, name);
	} else {
		CHECK(errno == EOPNOTSUPP);
	}
	CHECK(getxattr(name, "", buf, 1) == -1 && errno == ERANGE);
	unlink(link);
	unlink(name);
	return 0;
}
