/* SPDX-License-Identifier: MIT */
/* What lwIP wants to know of the compiler and the system. */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define LWIP_NO_STDDEF_H	0
#define LWIP_ERRNO_STDINCLUDE	1
#define LWIP_TIMEVAL_PRIVATE	0
#include <sys/time.h>

#define lwip_htons(x)	htobe16(x)
#define lwip_htonl(x)	htobe32(x)

uint32_t htonl(uint32_t v);
uint32_t netd_random(void);
_Noreturn void netd_assert(const char *what);
#define LWIP_RAND()			netd_random()
#define LWIP_PLATFORM_DIAG(x)		do { } while (0)
#define LWIP_PLATFORM_ASSERT(x)		netd_assert(x)

/* mem.c */
void *netd_malloc(size_t n);
void *netd_calloc(size_t count, size_t n);
void netd_free(void *p);
/* stream.c: memcpy, also of bytes that a client still has. */
void *netd_copy(void *to, const void *from, size_t n);
/* chksum.c: the Internet checksum of n bytes, folded, not complemented. */
uint16_t netd_chksum(const void *p, int n);

#endif
