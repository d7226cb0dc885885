/* SPDX-License-Identifier: MIT */
/*
 * The name service: prefixes ("/", "/dev") and devices ("dev:blk0") with their servers' root files.
 * An entry whose server died stays, without a handle: look-ups of it are held until the restarted
 * server registers again, at most HOLD_NS. All processes ask by the same file, whose readiness tells who watches
 * it of each new entry (enum names_op).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

#define HOLD_NS	(10 * 1000000000ll)

struct name {
	struct name *next;
	char text[NAME_SIZE];
	handle_t h;			/* H_NONE: its server died */
	int64_t watch;			/* for EV_HUP; <= 0 none */
};

struct held {
	struct held *next;
	uint64_t token;
	char text[NAME_SIZE];
	struct srv_timer timer;
};

static struct name *names;
static struct held *waiting;
static handle_t file = H_NONE;

static struct name *find(const char *text)
{
	struct name *n;

	for (n = names; n && strcmp(n->text, text); n = n->next)
		;
	return n;
}

static void forget(struct name *n)
{
	if (n->h == H_NONE)
		return;
	if (n->watch > 0)
		srv_unwatch(&init_srv, n->watch);
	sys_handle_close(n->h);
	n->h = H_NONE;
	n->watch = 0;
}

static void hung_up(void *arg, uint32_t events)
{
	struct name *n = arg;

	if (!(events & EV_HUP))
		return;
	srv_log("the server of %s is gone", n->text);
	forget(n);
}

static void drop_held(struct held *h)
{
	for (struct held **p = &waiting; *p; p = &(*p)->next) {
		if (*p == h) {
			*p = h->next;
			break;
		}
	}
	srv_timer_set(&init_srv, &h->timer, 0);
	free(h);
}

static void answer_held(struct name *n)
{
	struct held *next;

	for (struct held *h = waiting; h; h = next) {
		next = h->next;
		if (strcmp(h->text, n->text))
			continue;
		srv_reply_full(h->token, 0, 0, 0, (handle_t)sys_handle_dup(n->h, H_HIGH, 0));
		drop_held(h);
	}
}

handle_t names_file(void)
{
	if (file == H_NONE) {
		int64_t h = srv_file(&init_srv, ID_NAMES, 02, 0, 0);

		file = h < 0 ? H_NONE : (handle_t)h;
	}
	return file;
}

int64_t names_register(const char *text, handle_t h)
{
	struct name *n = find(text);

	if (!n) {
		n = calloc(1, sizeof(*n));
		if (!n || strlen(text) >= NAME_SIZE) {
			free(n);
			sys_handle_close(h);
			return -ENOMEM;
		}
		strcpy(n->text, text);
		n->h = H_NONE;
		n->next = names;
		names = n;
	}
	forget(n);
	n->h = h;
	n->watch = srv_watch(&init_srv, h, EV_HUP, BIND_EDGE, hung_up, n);
	answer_held(n);
	if (names_file() != H_NONE)
		sys_file_ready(file, 0, strncmp(text, "dev:", 4) ? EV_IN : EV_PRI);
	return 0;
}

static void give_up(void *arg)
{
	struct held *h = arg;

	srv_reply(h->token, -ENOENT);
	drop_held(h);
}

static int64_t hold(struct srv_req *r, const char *text, int forever)
{
	struct held *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->token = r->m.token;
	strcpy(h->text, text);
	h->timer.fn = give_up;
	h->timer.arg = h;
	h->next = waiting;
	waiting = h;
	if (!forever)
		srv_timer_set(&init_srv, &h->timer, srv_now() + HOLD_NS);
	return SRV_HELD;
}

int64_t names_lookup(struct srv_req *r, const char *text, int wait)
{
	struct name *n = find(text);
	int64_t h;

	/* Who does not wait for a device asks again later by himself. */
	if (!wait && (!n || (n->h == H_NONE && !strncmp(text, "dev:", 4))))
		return -ENOENT;
	if (!n || n->h == H_NONE)
		return hold(r, text, wait);
	h = sys_handle_dup(n->h, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

int names_present(const char *text)
{
	struct name *n = find(text);

	return n && n->h != H_NONE;
}

void names_cancel(uint64_t token)
{
	for (struct held *h = waiting; h; h = h->next) {
		if (h->token == token) {
			srv_reply(token, -EINTR);
			drop_held(h);
			return;
		}
	}
}

int64_t names_list(struct srv_req *r)
{
	char buf[4096];
	size_t n = 0;

	for (struct name *p = names; p; p = p->next) {
		size_t len = strlen(p->text) + 1;

		if (n + len > sizeof(buf) || n + len > r->m.r[1].len)
			break;
		memcpy(buf + n, p->text, len);
		n += len;
	}
	return srv_put(r, buf, n);
}
