/* SPDX-License-Identifier: MIT */
/* setfsuid, setfsgid: files are always used with the effective ids; these only tell which they are. */
#include <sys/fsuid.h>
#include <unistd.h>

int setfsuid(uid_t uid)
{
	(void)uid;
	return geteuid();
}

int setfsgid(gid_t gid)
{
	(void)gid;
	return getegid();
}
