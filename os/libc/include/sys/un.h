/* SPDX-License-Identifier: MIT */
/* sys/un.h: addresses of local sockets. */
#ifndef _SYS_UN_H
#define _SYS_UN_H

#include <features.h>
#include <bits/alltypes.h>
#include <string.h>

__BEGIN_DECLS

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};
#define SUN_LEN(s) (2 + strlen((s)->sun_path))

__END_DECLS

#endif
