/* SPDX-License-Identifier: MIT */
/* sys/un.h: addresses of local sockets. */
#ifndef _SYS_UN_H
#define _SYS_UN_H

#include <features.h>

#define __NEED_sa_family_t
#include <bits/alltypes.h>

__BEGIN_DECLS

struct sockaddr_un {
	sa_family_t sun_family;
	char sun_path[108];
};

#if __VISIBLE_MORE
#define SUN_LEN(s) (2 + __builtin_strlen((s)->sun_path))
#endif

__END_DECLS

#endif
