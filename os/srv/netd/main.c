/* SPDX-License-Identifier: MIT */
/* netd: the network server, prefix "/net". One loop drives sockets, the card and lwIP's timers. */
#include <errno.h>
#include "lwip/init.h"
#include "lwip/timeouts.h"
#include "netd.h"

static struct srv_timer lwip_timer;

u32_t sys_now(void)
{
	return (u32_t)(srv_now() / 1000000);
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

static void run_lwip(void *arg)
{
	(void)arg;
	sys_check_timeouts();
}

/* After each batch of messages: packets to ourselves, the card's bell, the next timer. */
static void idle(struct srv *s)
{
	static int waited = 1;
	u32_t ms;

	if (waited && !nic_wait()) {
		waited = 0;
		tree_update();
		sock_update_all();
	}
	netif_poll_all();
	nic_flush();
	ms = sys_timeouts_sleeptime();
	srv_timer_set(s, &lwip_timer, srv_now() + (ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? 1000 : ms) *
		      1000000ll);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct sock *so;

	(void)s;
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
	lwip_init();
	lwip_timer.fn = run_lwip;
	nic_init();
	h = srv_file(&netd, ID_ROOT, 0, EV_IN, FILE_SEEKABLE);
	if (h < 0 || srv_register("/net", (handle_t)h) < 0)
		srv_die("not registered");
	idle(&netd);
	srv_run(&netd);
	return 1;
}
