/* SPDX-License-Identifier: MIT */
/* netinet/in_systm.h: network integers. */
#ifndef _NETINET_IN_SYSTM_H
#define _NETINET_IN_SYSTM_H

#include <features.h>
#include <stdint.h>

__BEGIN_DECLS

typedef uint16_t n_short;
typedef uint32_t n_long, n_time;

__END_DECLS

#endif
