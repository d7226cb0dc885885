/* SPDX-License-Identifier: MIT */
/* Telling servers of the end of processes: each subscriber has a list of pids, watched and ended. */
#include <errno.h>
#include <stdlib.h>
#include "deaths.h"
#include "procd.h"

struct watch {
	struct watch *next;
	uint32_t pid;
	int ended;
};

struct subscriber {
	struct subscriber *next;
	uint64_t id;
	handle_t h;
	struct watch *watches;
};

static struct subscriber *subscribers;
static uint64_t next_id = ID_DEATHS;

int64_t deaths_open(struct srv_req *r)
{
	struct subscriber *s = calloc(1, sizeof(*s));
	int64_t h;

	if (!s)
		return -ENOMEM;
	s->id = next_id++;
	h = srv_file(&procd_srv, s->id, 0, 0, 0);
	if (h < 0) {
		free(s);
		return h;
	}
	s->h = (handle_t)h;
	s->next = subscribers;
	subscribers = s;
	h = sys_handle_dup(s->h, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

static struct subscriber *find(uint64_t id)
{
	struct subscriber *s;

	for (s = subscribers; s && s->id != id; s = s->next)
		;
	return s;
}

static int64_t watch(struct subscriber *s, uint32_t pid)
{
	struct proc *p = proc_find(pid);
	struct watch *w;

	if (!p || p->state == P_ZOMBIE)
		return -ESRCH;
	for (w = s->watches; w; w = w->next)
		if (w->pid == pid && !w->ended)
			return 0;
	w = malloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	*w = (struct watch){ s->watches, pid, 0 };
	s->watches = w;
	p->watched = 1;
	return 0;
}

static int64_t next_death(struct subscriber *s)
{
	for (struct watch **pp = &s->watches, *w; (w = *pp); pp = &w->next) {
		uint32_t pid = w->pid;

		if (!w->ended)
			continue;
		*pp = w->next;
		free(w);
		return pid;
	}
	sys_file_ready(s->h, EV_IN, 0);
	return 0;
}

int64_t deaths_call(struct srv_req *r)
{
	struct subscriber *s = find(r->m.id);

	if (!s)
		return -EBADF;
	switch (r->m.w[0]) {
	case P_WATCH:
		return watch(s, (uint32_t)r->m.w[1]);
	case P_DEATHS:
		return next_death(s);
	}
	return -ENOSYS;
}

void deaths_closed(uint64_t id)
{
	for (struct subscriber **pp = &subscribers, *s; (s = *pp); pp = &s->next) {
		if (s->id != id)
			continue;
		*pp = s->next;
		for (struct watch *w = s->watches, *next; w; w = next) {
			next = w->next;
			free(w);
		}
		sys_handle_close(s->h);
		free(s);
		return;
	}
}

void deaths_tell(uint32_t pid)
{
	for (struct subscriber *s = subscribers; s; s = s->next) {
		for (struct watch *w = s->watches; w; w = w->next) {
			if (w->pid != pid || w->ended)
				continue;
			w->ended = 1;
			sys_file_ready(s->h, 0, EV_IN);
		}
	}
}
