/* SPDX-License-Identifier: MIT */
/*
 * calx.c: what system programs of Calx ask libc for (platform/calx). Linux has no such handles, but both
 * libraries export the same names: a program is linked to the same bytes for either.
 */
#include <errno.h>

int __calx_root(const char *prefix)
{
	(void)prefix;
	return -ENOSYS;
}

int __calx_names(void)
{
	return -ENOSYS;
}

int __calx_procd(void)
{
	return -ENOSYS;
}

int __calx_extra(const char *name)
{
	(void)name;
	return -ENOSYS;
}
