/* SPDX-License-Identifier: MIT */
/* netinet/igmp.h: who listens to which multicast group. */
#ifndef _NETINET_IGMP_H
#define _NETINET_IGMP_H

#include <features.h>
#include <stdint.h>
#include <netinet/in.h>

__BEGIN_DECLS

struct igmp {
	uint8_t igmp_type;
	uint8_t igmp_code;
	uint16_t igmp_cksum;
	struct in_addr igmp_group;
};

#define IGMP_MINLEN 8
#define IGMP_MEMBERSHIP_QUERY 0x11
#define IGMP_V1_MEMBERSHIP_REPORT 0x12
#define IGMP_DVMRP 0x13
#define IGMP_PIM 0x14
#define IGMP_V2_MEMBERSHIP_REPORT 0x16
#define IGMP_V2_LEAVE_GROUP 0x17
#define IGMP_MAX_HOST_REPORT_DELAY 10
#define IGMP_TIMER_SCALE 10

__END_DECLS

#endif
