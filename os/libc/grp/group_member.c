/* SPDX-License-Identifier: MIT */
/* group_member: does this process belong to a group? */
#include <limits.h>
#include <unistd.h>

int group_member(gid_t gid)
{
	gid_t list[NGROUPS_MAX];
	int n = getgroups(NGROUPS_MAX, list);

	for (int i = 0; i < n; i++)
		if (list[i] == gid)
			return 1;
	return getegid() == gid;
}
