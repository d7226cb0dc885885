/* SPDX-License-Identifier: MIT */
/*
 * The orderly end: SIGTERM to all but the system's own processes (procd leaves those out of kill
 * -1), SIGKILL to who stays, a sync by a process of its own, then power off, reboot or leaving the
 * emulator. Each step has a deadline, so that a stuck server cannot hold it.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "init.h"

#define MS		1000000ll
#define DEBUG_EXIT	0xf4		/* QEMU's isa-debug-exit */

enum step { IDLE, TERM, KILL, SYNC };

static enum step step;
static int how, status, rounds;
static uint32_t sync_pid;
static struct srv_timer timer;

static int64_t kill_all(int signo)
{
	struct msg m = { .w = { P_KILL, (uint64_t)-1ll, (uint64_t)signo } };

	return init_procd == H_NONE ? -ESRCH : sys_call(init_procd, &m);
}

static void finish(void)
{
	if (how == POWER_EXIT) {
		sys_dev_io(init_dev, DEV_OUT8, DEBUG_EXIT, 64u | (uint32_t)(status < 63 ? status : 63));
		how = POWER_OFF;	/* no such device: switch off */
	}
	srv_log(how == POWER_OFF ? "power off" : "reboot");
	sys_power(init_dev, how);
}

static void begin_sync(void)
{
	struct conf c = { .name = "sync", .text = "/sbin/rc\0sync" };
	int64_t pid;

	c.argv[0] = c.text;
	c.argv[1] = c.text + strlen(c.text) + 1;
	step = SYNC;
	pid = names_present("/") ? service_spawn(&c) : -ENOENT;
	if (pid < 0)
		finish();
	sync_pid = (uint32_t)pid;
	srv_timer_set(&init_srv, &timer, srv_now() + 10000 * MS);
}

static void tick(void *arg)
{
	(void)arg;
	if (step == SYNC) {
		srv_log("sync took too long");
		finish();
		return;
	}
	/* Signal 0 to all says whether anybody is left. */
	if (kill_all(0) < 0) {
		begin_sync();
	} else if (step == TERM && ++rounds < 100) {
		srv_timer_set(&init_srv, &timer, srv_now() + 30 * MS);
	} else if (++rounds < 150) {
		step = KILL;
		kill_all(SIGKILL);
		srv_timer_set(&init_srv, &timer, srv_now() + 30 * MS);
	} else {
		begin_sync();
	}
}

void power_child(uint32_t pid)
{
	if (step == SYNC && pid == sync_pid)
		finish();
}

int64_t power_begin(int how_, int status_)
{
	if (step != IDLE)
		return 0;
	how = how_;
	status = status_;
	step = TERM;
	service_stop_all();
	kill_all(SIGTERM);
	kill_all(SIGCONT);
	timer.fn = tick;
	srv_timer_set(&init_srv, &timer, srv_now() + 10 * MS);
	return 0;
}
