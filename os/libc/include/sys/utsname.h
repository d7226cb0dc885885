/* SPDX-License-Identifier: MIT */
/* sys/utsname.h: the name of the system. */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H

#include <features.h>

__BEGIN_DECLS

struct utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

int uname(struct utsname *);

__END_DECLS

#endif
