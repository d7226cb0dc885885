/* SPDX-License-Identifier: MIT */
/* The keyboards: every device "dev:kbdN" is opened, also when it comes later or comes back. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "../../lib/srv.h"
#include "fb.h"

#define MAX		8

struct keyboard {
	char name[32];			/* "kbd0"; empty: free */
	handle_t h;
	int64_t watch;
};

static struct keyboard keyboards[MAX];
static struct srv *srv;

static void look(void *arg, uint32_t events);

static void drop(struct keyboard *k)
{
	srv_unwatch(srv, k->watch);
	sys_handle_close(k->h);
	k->name[0] = '\0';
	/* Its driver may have been restarted before its last keys were read. */
	look(NULL, 0);
}

static void on_keys(void *arg, uint32_t events)
{
	struct keyboard *k = arg;
	struct input_event e[16];
	int64_t n = events & EV_IN ? sys_read(k->h, e, sizeof(e)) : 0;

	for (int64_t i = 0; i < n / (int64_t)sizeof(e[0]); i++)
		keys_event(&e[i]);
	if (n > 0)
		term_render();
	else if (events & EV_HUP)
		drop(k);
}

static struct keyboard *place_for(const char *name)
{
	struct keyboard *free = NULL;

	for (struct keyboard *k = keyboards; k < keyboards + MAX; k++) {
		if (!strcmp(k->name, name))
			return NULL;
		if (!k->name[0] && !free)
			free = k;
	}
	return free;
}

static int look_at(void *arg, const char *name)
{
	struct keyboard *k = place_for(name + 4);
	int64_t dev, err;

	(void)arg;
	if (!k || (dev = srv_device(name + 4, 0)) < 0)
		return 0;
	k->h = H_NONE;
	err = srv_send((handle_t)dev, I_OPEN, NULL, 0, H_NONE, &k->h);
	sys_handle_close((handle_t)dev);
	if (err < 0 || k->h == H_NONE)
		return 0;
	strlcpy(k->name, name + 4, sizeof(k->name));
	sys_file_flags(k->h, O_NONBLOCK, O_NONBLOCK);
	k->watch = srv_watch(srv, k->h, EV_IN | EV_HUP, 0, on_keys, k);
	return 0;
}

static void look(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	srv_each_name("dev:kbd", look_at, NULL);
}

void keyboards_init(struct srv *s)
{
	srv = s;
	if (srv_watch_devices(s, look, NULL) < 0)
		srv_log("cannot wait for keyboards");
}
