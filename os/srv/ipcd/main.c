/* SPDX-License-Identifier: MIT */
/* ipcd: dispatch, waiting with deadlines, the end of processes. */
#include <errno.h>
#include <stdlib.h>
#include "ipcd.h"

struct watched {
	struct watched *next;
	uint32_t pid;
};

static struct watched *watched;
static handle_t deaths = H_NONE;

void wait_start(struct wait *w, uint64_t token, int64_t deadline, void (*fn)(void *arg), void *arg)
{
	w->token = token;
	w->timer = (struct srv_timer){ .fn = fn, .arg = arg };
	if (deadline != T_FOREVER)
		srv_timer_set(&ipcd, &w->timer, deadline);
}

void wait_stop(struct wait *w)
{
	srv_timer_set(&ipcd, &w->timer, 0);
}

int wait_check(int64_t deadline)
{
	if (deadline == 0)
		return -EAGAIN;
	if (deadline == BAD_TIME)
		return -EINVAL;
	return deadline <= srv_now() ? -ETIMEDOUT : 0;
}

static void end_of(uint32_t pid)
{
	for (struct watched **pp = &watched, *w; (w = *pp); pp = &w->next) {
		if (w->pid != pid)
			continue;
		*pp = w->next;
		free(w);
		break;
	}
	sem_end_of(pid);
	shm_end_of(pid);
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
			end_of((uint32_t)pid);
	} while (pid > 0);
}

void watch_process(uint32_t pid)
{
	struct msg m = { .w = { P_WATCH, pid } };
	struct watched *w;

	for (w = watched; w; w = w->next)
		if (w->pid == pid)
			return;
	w = malloc(sizeof(*w));
	if (!w || sys_call(deaths, &m) < 0) {
		free(w);
		return;
	}
	w->pid = pid;
	w->next = watched;
	watched = w;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	(void)s;
	if (r->m.id != ID_ROOT)
		return mq_call(r);
	if (r->m.w[0] == Q_OPEN || r->m.w[0] == Q_UNLINK)
		return mq_root_call(r);
	return sysv_call(r);
}

static void closed(struct srv *s, uint64_t id)
{
	(void)s;
	if (id != ID_ROOT)
		mq_closed(id);
}

static void cancel(struct srv *s, uint64_t token)
{
	(void)s;
	if (mq_cancel(token) || sem_cancel(token) || msg_cancel(token))
		srv_reply(token, -EINTR);
}

struct srv ipcd = { .call = call, .close = closed, .cancel = cancel };

int main(void)
{
	struct msg m = { .w = { P_DEATHS_FILE } };
	int64_t h, err;

	if (srv_init(&ipcd))
		srv_die("no port");
	if (sys_call(srv_start()->procd, &m) < 0 || m.nh != 1)
		srv_die("procd tells nothing of the end of processes");
	deaths = m.h[0];
	srv_watch(&ipcd, deaths, EV_IN, 0, on_deaths, NULL);
	h = srv_file(&ipcd, ID_ROOT, 0, 0, 0);
	if (h < 0)
		srv_die("no root file: error %d", (int)-h);
	err = srv_register("/dev/mqueue", (handle_t)h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&ipcd);
	return 1;
}
