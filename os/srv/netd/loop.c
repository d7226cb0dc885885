/* SPDX-License-Identifier: MIT */
/*
 * Packets to ourselves. The receiver changes headers where they are, so these are copied;
 * the data of large packets are not: both sides refer to the sender's, which nobody changes after it was sent.
 */
#include <string.h>
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/prot/tcp.h"
#include "lwip/prot/udp.h"
#include "netd.h"

#define SHARED_MIN	4096u		/* bytes a buffer from which on sharing is less work than copying */

err_t __wrap_netif_loop_output(struct netif *n, struct pbuf *p);
err_t __real_netif_loop_output(struct netif *n, struct pbuf *p);

/* A buffer that refers to data of another. */
struct shared {
	struct pbuf_custom custom;
	struct pbuf *of;
};

static void unshare(struct pbuf *p)
{
	struct shared *s = (struct shared *)p;

	pbuf_free(s->of);
	netd_free(s);
}

static struct pbuf *share_from(struct pbuf *of, u16_t from)
{
	struct shared *s = netd_malloc(sizeof(*s));
	u16_t n = (u16_t)(of->len - from);

	if (!s)
		return NULL;
	s->custom.custom_free_function = unshare;
	s->of = of;
	pbuf_ref(of);
	return pbuf_alloced_custom(PBUF_RAW, n, PBUF_REF, &s->custom, (uint8_t *)of->payload + from, n);
}

static uint8_t protocol(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? ip[9] : ip[6];
}

static u16_t ip_header(const uint8_t *ip)
{
	return ip[0] >> 4 == 4 ? (ip[0] & 15) * 4 : IP6_HLEN;
}

/* Bytes of the headers, which lie in the first buffer; 0: not known. */
static u16_t headers(const struct pbuf *p)
{
	const uint8_t *b = p->payload;
	u16_t n = ip_header(b);

	if (p->len >= n + UDP_HLEN && protocol(b) == IP_PROTO_UDP)
		return n + UDP_HLEN;
	if (p->len < n + TCP_HLEN || protocol(b) != IP_PROTO_TCP)
		return 0;
	n += (b[n + 12] >> 4) * 4;
	return n <= p->len ? n : 0;
}

/* An acknowledgement alone is not kept by its sender: it can be had as it is. */
static int is_ack(const struct pbuf *p)
{
	const uint8_t *b = p->payload;

	return !p->next && p->ref == 1 && headers(p) == p->len && protocol(b) == IP_PROTO_TCP &&
	       b[ip_header(b) + 13] == TCP_ACK;
}

/* The packet with headers of its own, or NULL: it is to be copied. */
static struct pbuf *share(struct pbuf *p)
{
	u16_t head = p->tot_len < SHARED_MIN * pbuf_clen(p) ? 0 : headers(p);
	struct pbuf *r = head ? pbuf_alloc(PBUF_RAW, head, PBUF_RAM) : NULL;

	if (!r)
		return NULL;
	memcpy(r->payload, p->payload, head);
	for (struct pbuf *q = p; q; q = q->next) {
		u16_t from = q == p ? head : 0;
		struct pbuf *s;

		if (q->len == from)
			continue;
		s = share_from(q, from);
		if (!s) {
			pbuf_free(r);
			return NULL;
		}
		pbuf_cat(r, s);
	}
	return r;
}

/* lwIP's function for packets to our own addresses is called by this name (build.mk). netif_poll empties the queue. */
err_t __wrap_netif_loop_output(struct netif *n, struct pbuf *p)
{
	struct pbuf *r, *last;

	if (is_ack(p)) {
		pbuf_ref(p);
		r = p;
	} else {
		r = share(p);
	}
	if (!r)
		return __real_netif_loop_output(n, p);
	for (last = r; last->next; last = last->next)
		;
	if (n->loop_first)
		n->loop_last->next = r;
	else
		n->loop_first = r;
	n->loop_last = last;
	return ERR_OK;
}
