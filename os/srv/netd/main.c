/* SPDX-License-Identifier: MIT */
/* netd: the network server, prefix "/net". One loop drives sockets, the card and lwIP's timers. */
#include <errno.h>
#include "lwip/init.h"
#include "netd.h"

#define BATCH	32		/* messages at most before what they caused goes on its way */

static struct srv_timer timer;
static unsigned since_settled;
static int64_t idle_time;		/* now, while idle runs; 0 */

int64_t netd_now(void)
{
	return idle_time ? idle_time : srv_now();
}

u32_t sys_now(void)
{
	return (u32_t)(netd_now() / 1000000);
}

uint32_t netd_random(void)
{
	uint32_t v = 0;

	sys_getrandom(&v, sizeof(v));
	return v;
}

_Noreturn void netd_assert(const char *what)
{
	srv_die("lwip: %s", what);
}

static void run_timers(void *arg)
{
	(void)arg;
	timers_run();
}

static int waited = 1;

int addresses_waited(void)
{
	return waited;
}

/* What waits for an address: each time one comes, and when it is no longer waited for. */
void addresses(void)
{
	static int64_t next;

	if (!waited || netd_now() < next)
		return;
	next = netd_now() + SECOND / 20;
	waited = nic_waiting();
	tree_update();
	sock_address();
}

/* Packets to ourselves make new ones: until all is quiet. */
static void settle(void)
{
	do
		netif_poll_all();
	while (sock_flush());
	nic_flush();
	since_settled = 0;
}

/* After each batch of messages: packets to ourselves, held requests, the card's bell, the next timer. */
static void idle(struct srv *s)
{
	int64_t next;

	idle_time = srv_now();
	addresses();
	settle();
	next = timers_next();
	if (next != timer.deadline)
		srv_timer_set(s, &timer, next);
	idle_time = 0;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct sock *so;

	(void)s;
	if (++since_settled > BATCH)
		settle();
	if (r->m.id == ID_ROOT)
		return r->m.w[0] == S_SOCKET ? sock_open(r) : tree_call(r);
	if (r->m.id >= ID_FILES && r->m.id < ID_FILES_END)
		return r->m.w[0] == F_SYNC ? 0 : tree_file_call(r);
	so = sock_find(r->m.id);
	return so ? sock_call(so, r) : -EBADF;
}

static void closed(struct srv *s, uint64_t id)
{
	struct sock *so = sock_find(id);

	(void)s;
	if (so)
		sock_free(so);
}

static void cancel(struct srv *s, uint64_t token)
{
	(void)s;
	sock_cancel(token);
	tree_cancel(token);
}

struct srv netd = { .call = call, .close = closed, .cancel = cancel, .idle = idle };

int main(void)
{
	int64_t h;

	if (srv_init(&netd))
		srv_die("no port");
	budget_init();
	lwip_init();
	timer.fn = run_timers;
	nic_init();
	h = srv_file(&netd, ID_ROOT, 0, EV_IN, FILE_SEEKABLE);
	if (h < 0 || srv_register("/net", (handle_t)h) < 0)
		srv_die("not registered");
	idle(&netd);
	srv_run(&netd);
	return 1;
}
