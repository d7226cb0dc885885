/* SPDX-License-Identifier: MIT */
/* getuid.c: user and group ids. */
#include <unistd.h>
#include <grp.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

uid_t getuid(void)
{
	return plat_getuid();
}

uid_t geteuid(void)
{
	return plat_geteuid();
}

gid_t getgid(void)
{
	return plat_getgid();
}

gid_t getegid(void)
{
	return plat_getegid();
}

int getresuid(uid_t *r, uid_t *e, uid_t *s)
{
	return __ret(plat_getresuid(r, e, s));
}

int getresgid(gid_t *r, gid_t *e, gid_t *s)
{
	return __ret(plat_getresgid(r, e, s));
}

int getgroups(int count, gid_t list[])
{
	return __ret(plat_getgroups(count, list));
}

int setgroups(size_t count, const gid_t *list)
{
	return __ret(plat_setgroups(count, list));
}
