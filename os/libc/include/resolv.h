/* SPDX-License-Identifier: MIT */
/* resolv.h: asking name servers. */
#ifndef _RESOLV_H
#define _RESOLV_H

#include <features.h>
#include <bits/alltypes.h>
#include <stdint.h>
#include <netinet/in.h>
#include <arpa/nameser.h>

__BEGIN_DECLS

#define MAXNS 3
#define MAXDNSRCH 6
#define RES_INIT 1
#define RES_DEBUG 2
#define RES_USEVC 8
#define RES_RECURSE 0x40
#define RES_DEFNAMES 0x80
#define RES_DNSRCH 0x200
#define RES_DEFAULT 0x2c0
typedef struct __res_state {
	int retrans;
	int retry;
	unsigned long options;
	int nscount;
	struct sockaddr_in nsaddr_list[MAXNS];
	unsigned short id;
	char *dnsrch[MAXDNSRCH + 1];
	char defdname[256];
	unsigned ndots : 4;
} *res_state;
struct __res_state *__res_state(void);
#define _res (*__res_state())
int res_init(void);
int res_query(const char *, int, int, unsigned char *, int);
int res_querydomain(const char *, const char *, int, int, unsigned char *, int);
int res_search(const char *, int, int, unsigned char *, int);
int res_mkquery(int, const char *, int, int, const unsigned char *, int, const unsigned char *,
	unsigned char *, int);
int res_send(const unsigned char *, int, unsigned char *, int);
int dn_comp(const char *, unsigned char *, int, unsigned char **, unsigned char **);
int dn_expand(const unsigned char *, const unsigned char *, const unsigned char *, char *, int);
int dn_skipname(const unsigned char *, const unsigned char *);

__END_DECLS

#endif
