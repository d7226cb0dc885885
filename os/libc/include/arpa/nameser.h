/* SPDX-License-Identifier: MIT */
/* arpa/nameser.h: DNS messages. */
#ifndef _ARPA_NAMESER_H
#define _ARPA_NAMESER_H

#include <features.h>
#include <bits/alltypes.h>
#include <stdint.h>

__BEGIN_DECLS

#define NS_PACKETSZ 512
#define NS_MAXDNAME 1025
#define NS_MAXLABEL 63
#define NS_HFIXEDSZ 12
#define NS_QFIXEDSZ 4
#define NS_RRFIXEDSZ 10
#define NS_INT16SZ 2
#define NS_INT32SZ 4
#define NS_INADDRSZ 4
#define NS_IN6ADDRSZ 16
#define PACKETSZ NS_PACKETSZ
#define MAXDNAME NS_MAXDNAME
#define HFIXEDSZ NS_HFIXEDSZ
#define QFIXEDSZ NS_QFIXEDSZ
#define RRFIXEDSZ NS_RRFIXEDSZ
#define C_IN 1
#define C_ANY 255
#define T_A 1
#define T_NS 2
#define T_CNAME 5
#define T_SOA 6
#define T_PTR 12
#define T_MX 15
#define T_TXT 16
#define T_AAAA 28
#define T_SRV 33
#define T_NAPTR 35
#define T_ANY 255
#define QUERY 0
#define NOERROR 0
#define FORMERR 1
#define SERVFAIL 2
#define NXDOMAIN 3
#define NOTIMP 4
#define REFUSED 5
typedef struct {
	unsigned id : 16;
	unsigned rd : 1, tc : 1, aa : 1, opcode : 4, qr : 1;
	unsigned rcode : 4, cd : 1, ad : 1, unused : 1, ra : 1;
	unsigned qdcount : 16, ancount : 16, nscount : 16, arcount : 16;
} HEADER;
unsigned ns_get16(const unsigned char *);
unsigned long ns_get32(const unsigned char *);

__END_DECLS

#endif
