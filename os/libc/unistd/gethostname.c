/* SPDX-License-Identifier: MIT */
/* gethostname.c: names of the host. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int uname(struct utsname *u)
{
	return __ret(plat_uname(u));
}

int sethostname(const char *name, size_t len)
{
	return __ret(plat_sethostname(name, len));
}

int setdomainname(const char *name, size_t len)
{
	return __ret(plat_setdomainname(name, len));
}

int gethostname(char *name, size_t len)
{
	struct utsname u;

	if (uname(&u))
		return -1;
	if (strlcpy(name, u.nodename, len) >= len) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int getdomainname(char *name, size_t len)
{
	struct utsname u;

	if (uname(&u))
		return -1;
	if (strlen(u.domainname) >= len) {
		errno = EINVAL;
		return -1;
	}
	strcpy(name, u.domainname);
	return 0;
}

long gethostid(void)
{
	struct utsname u;
	unsigned long h = 5381;

	if (uname(&u))
		return 0;
	for (char *p = u.nodename; *p; p++)
		h = h * 33 + (unsigned char)*p;
	return h & 0x7fffffff;
}
