/* SPDX-License-Identifier: MIT */
/* setuid.c: setting user and group ids. On Linux each thread has its own: see plat_setresuid. */
#include <errno.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int setuid(uid_t uid)
{
	return __ret(plat_setuid(uid));
}

int setgid(gid_t gid)
{
	return __ret(plat_setgid(gid));
}

int seteuid(uid_t uid)
{
	return __ret(plat_setresuid(-1, uid, -1));
}

int setegid(gid_t gid)
{
	return __ret(plat_setresgid(-1, gid, -1));
}

int setresuid(uid_t r, uid_t e, uid_t s)
{
	return __ret(plat_setresuid(r, e, s));
}

int setresgid(gid_t r, gid_t e, gid_t s)
{
	return __ret(plat_setresgid(r, e, s));
}

/* The saved id becomes the new effective one when the real id is set or the effective one changes. */
int setreuid(uid_t r, uid_t e)
{
	uid_t wasr, wase, wass, saved = -1;

	plat_getresuid(&wasr, &wase, &wass);
	if (r != (uid_t)-1 || (e != (uid_t)-1 && e != wasr))
		saved = e != (uid_t)-1 ? e : wase;
	return __ret(plat_setresuid(r, e, saved));
}

int setregid(gid_t r, gid_t e)
{
	gid_t wasr, wase, wass, saved = -1;

	plat_getresgid(&wasr, &wase, &wass);
	if (r != (gid_t)-1 || (e != (gid_t)-1 && e != wasr))
		saved = e != (gid_t)-1 ? e : wase;
	return __ret(plat_setresgid(r, e, saved));
}
