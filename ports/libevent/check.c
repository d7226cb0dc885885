/* SPDX-License-Identifier: MIT */
/* check.c: a timer, and an HTTP request to ourselves, in one event loop. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <string.h>

static int answered, ticked;

static void serve(struct evhttp_request *r, void *arg)
{
	struct evbuffer *b = evbuffer_new();

	(void)arg;
	evbuffer_add_printf(b, "calx says %s", evhttp_request_get_uri(r));
	evhttp_send_reply(r, 200, "OK", b);
	evbuffer_free(b);
}

static void done(struct evhttp_request *r, void *arg)
{
	char text[64] = "";

	if (r && evhttp_request_get_response_code(r) == 200)
		evbuffer_remove(evhttp_request_get_input_buffer(r), text, sizeof(text) - 1);
	answered = !strcmp(text, "calx says /x");
	event_base_loopbreak(arg);
}

static void tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	ticked++;
}

int main(void)
{
	struct event_base *base = event_base_new();
	struct timeval soon = { 0, 1000 }, limit = { 20, 0 };
	struct event *timer = evtimer_new(base, tick, NULL);
	struct evhttp *http = evhttp_new(base);
	struct evhttp_connection *c;

	evtimer_add(timer, &soon);
	evhttp_set_gencb(http, serve, NULL);
	if (evhttp_bind_socket(http, "127.0.0.1", 8976))
		return fprintf(stderr, "libevent: cannot listen\n"), 1;
	c = evhttp_connection_base_new(base, NULL, "127.0.0.1", 8976);
	evhttp_make_request(c, evhttp_request_new(done, base), EVHTTP_REQ_GET, "/x");
	event_base_loopexit(base, &limit);
	event_base_dispatch(base);
	if (!answered || !ticked)
		return fprintf(stderr, "libevent: method %s, answered %d, ticked %d\n",
			       event_base_get_method(base), answered, ticked), 1;
	return strcmp(event_base_get_method(base), "epoll") != 0;
}
