/* SPDX-License-Identifier: MIT */
/* crashd: reports crashes of programs and writes their core files; see crashd(8). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/srv.h"
#include "crashd.h"

#define CORE_DIR	"/var/crash"

static void write_core(struct crash *c)
{
	char path[128];
	int err;

	mkdir("/var", 0755);
	mkdir(CORE_DIR, 01777);
	snprintf(path, sizeof(path), CORE_DIR "/core.%s.%u", c->info.name, c->pid);
	for (char *p = path + sizeof(CORE_DIR); *p; p++)
		if (*p == '/')
			*p = '!';
	err = core_write(c, path, c->info.core_limit);
	if (err) {
		srv_log("%s: %s", path, strerror(-err));
		return;
	}
	if (chown(path, CRED_UID(c->cred), CRED_GID(c->cred)) < 0)
		srv_log("%s: %s", path, strerror(errno));
	debug_do(c->d, DEBUG_CORED, 0, 0, 0, 0);
	srv_log("%s[%u]: core file %s", c->info.name, c->pid, path);
}

static void handle(struct msg *m)
{
	struct crash c = { .d = m->nh ? m->h[0] : H_NONE, .pid = (uint32_t)m->w[0], .tid = (uint32_t)m->w[1],
		.signo = (int)m->w[2], .rip = m->w[3], .addr = m->w[4], .cred = m->w[5] };

	if (c.d == H_NONE) {
		srv_log("process %u, a server: %s at %#lx", c.pid, signal_name(c.signo), (unsigned long)c.rip);
		return;
	}
	if (debug_do(c.d, DEBUG_INFO, 0, (uint64_t)&c.info, 0, 0) >= 0) {
		c.modules = modules_of(c.d);
		report(&c);
		if (c.info.core_limit)
			write_core(&c);
		modules_free(c.modules);
	}
	sys_handle_close(c.d);
}

int main(void)
{
	struct msg m;
	int64_t port = sys6(SYS_port_create, 0, 0, 0, 0, 0, 0);
	int64_t err = port < 0 ? port : sys6(SYS_crash_port, SYS_ARG(port), 0, 0, 0, 0, 0);

	if (err < 0)
		srv_die("cannot hear of crashes: %s", strerror((int)-err));
	for (;;) {
		err = sys_recv((handle_t)port, &m, T_FOREVER);
		if (err >= 0 && m.kind == MSG_CRASH)
			handle(&m);
		else if (err < 0 && err != -EINTR)
			srv_die("cannot receive: %s", strerror((int)-err));
	}
}
