/* SPDX-License-Identifier: MIT */
/* The end of processes that own something here: procd tells of those that were asked about. */
#include <stdlib.h>

#include "fsd.h"

struct mourned {
	struct mourned *next;
	uint32_t pid;
};

static struct mourned *mourned;
static handle_t deaths = H_NONE;

static void died(uint32_t pid)
{
	for (struct mourned **pp = &mourned, *w; (w = *pp); pp = &w->next) {
		if (w->pid != pid)
			continue;
		*pp = w->next;
		free(w);
		break;
	}
	locks_process_died(pid);
}

static void on_deaths(void *arg, uint32_t events)
{
	int64_t pid;

	(void)arg;
	(void)events;
	do {
		struct msg m = { .w = { P_DEATHS } };

		pid = sys_call(deaths, &m);
		if (pid > 0)
			died((uint32_t)pid);
	} while (pid > 0);
}

static bool subscribe(void)
{
	struct msg m = { .w = { P_DEATHS_FILE } };

	if (deaths != H_NONE)
		return true;
	if (sys_call(srv_start()->procd, &m) < 0 || m.nh != 1)
		return false;
	deaths = m.h[0];
	return srv_watch(&fsd.srv, deaths, EV_IN, 0, on_deaths, NULL) > 0;
}

void watch_process(uint32_t pid)
{
	struct msg m = { .w = { P_WATCH, pid } };
	struct mourned *w;

	for (w = mourned; w; w = w->next)
		if (w->pid == pid)
			return;
	w = malloc(sizeof *w);
	if (!w || !subscribe() || sys_call(deaths, &m) < 0) {
		free(w);	/* then only the closing of its files tells */
		return;
	}
	w->pid = pid;
	w->next = mourned;
	mourned = w;
}
