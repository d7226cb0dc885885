/* SPDX-License-Identifier: MIT */
/*
 * init: the first process. Starts the services of the boot archive (etc/init/?*.conf) and those that
 * rc later reads from the disk, restarts them, answers for names, ends the machine.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "init.h"

static int64_t call(struct srv *s, struct srv_req *r);
static void cancel(struct srv *s, uint64_t token);

struct srv init_srv = { .call = call, .cancel = cancel };
handle_t init_dev = H_NONE, init_super = H_NONE, init_procd = H_NONE;
char init_cmdline[512];
static struct srv_timer after_procd;

/* Programs print here: a line a call into the kernel's log. */
static int64_t log_write(struct srv_req *r)
{
	char buf[512];
	uint64_t len = r->m.w[1], done = 0;

	while (done < len) {
		uint64_t part = len - done < sizeof(buf) ? len - done : sizeof(buf);
		int64_t n = sys_msg_read(r->m.token, 0, done, buf, part);

		if (n <= 0)
			return n;
		done += (uint64_t)n;
		sys_log(buf, (uint64_t)n);
	}
	return (int64_t)done;
}

static int64_t log_call(struct srv_req *r)
{
	if (r->m.w[0] == F_WRITE)
		return log_write(r);
	return r->m.w[0] == F_READ ? 0 : r->m.w[0] == F_IOCTL ? -ENOTTY : -ENOSYS;
}

static void reap(void *arg, uint32_t events)
{
	(void)arg;
	(void)events;
	for (;;) {
		struct msg m = { .w = { P_WAIT, (uint64_t)-1ll, WNOHANG } };
		int64_t pid = sys_call(init_procd, &m);

		if (pid <= 0)
			return;
		service_died((uint32_t)pid, (int)m.w[1]);
		power_child((uint32_t)pid);
	}
}

static void add_service(const char *path, const struct image *img)
{
	char why[128], test[256];
	struct conf c;

	if (conf_parse((const char *)img->data, img->size, &c, why)) {
		srv_log("%s: %s", path, why);
		return;
	}
	if (c.login && (cmdline_get("test", test, sizeof(test)) || strstr(init_cmdline, "rescue")))
		return;
	if (service_add(&c))
		srv_log("%s: cannot add", path);
}

/* "test=PROGRAM" on the command line runs it instead of the logins; "rescue": the emergency shell. */
static void add_test(void)
{
	char path[256], text[400], why[128];
	struct conf c;
	int n;

	if (cmdline_get("test", path, sizeof(path)))
		n = snprintf(text, sizeof(text), "name = test\nexec = /sbin/getty -t %s console\n"
			     "wait = / /tmp\nrestart = never\n", path);
	else if (strstr(init_cmdline, "rescue"))
		n = snprintf(text, sizeof(text), "name = rescue\nexec = /sbin/getty -r console\n");
	else
		return;
	if (conf_parse(text, (size_t)n, &c, why) || service_add(&c))
		srv_log("test: %s", why);
}

/* Runs when procd has its answer to N_REGISTER, so that it can answer us. */
static void procd_ready(void *arg)
{
	struct msg m = { .w = { P_WAIT_FILE } };

	(void)arg;
	if (sys_call(init_procd, &m) < 0 || m.nh != 1)
		srv_log("procd gives no wait file");
	else
		srv_watch(&init_srv, m.h[0], EV_IN, 0, reap, NULL);
	archive_each("etc/init/", ".conf", add_service);
	add_test();
}

static void procd_died(void *arg, uint32_t events)
{
	(void)arg;
	if (!(events & EV_HUP))
		return;
	srv_log("procd died: the system cannot go on");
	sys_power(init_dev, POWER_REBOOT);
}

static int64_t do_register(struct srv_req *r, const char *name)
{
	handle_t h = srv_take(r, 0);
	int64_t err;

	if (h == H_NONE)
		return -EINVAL;
	if (!strcmp(name, "procd") && init_procd == H_NONE) {
		init_procd = h;
		srv_watch(&init_srv, h, EV_HUP, BIND_EDGE, procd_died, NULL);
		after_procd.fn = procd_ready;
		srv_timer_set(&init_srv, &after_procd, 1);
		return 0;
	}
	err = names_register(name, h);
	service_kick();
	return err;
}

static int64_t do_service(struct srv_req *r, const char *text)
{
	char why[128];
	struct conf c;

	if (r->m.w[1] != SERVICE_ADD)
		return service_control(text, r->m.w[1]);
	if (conf_parse(text, strlen(text), &c, why)) {
		srv_log("service: %s", why);
		return -EINVAL;
	}
	if (c.login && (cmdline_get("test", why, sizeof(why)) || strstr(init_cmdline, "rescue")))
		return 0;
	return service_add(&c);
}

#define NOT_PUBLIC	INT64_MAX

/* What anybody may ask; NOT_PUBLIC when it is none of these. */
static int64_t public_call(struct srv_req *r, const char *text)
{
	switch (r->m.w[0]) {
	case N_LOOKUP:
		return strncmp(text, "dev:", 4) ? names_lookup(r, text, r->m.w[1] & N_WAIT) : -EINVAL;
	case N_LIST:
		return names_list(r);
	case N_SERVICES:
		return service_list(r);
	}
	return NOT_PUBLIC;
}

static int64_t root_call(struct srv_req *r, const char *text)
{
	char name[NAME_SIZE + 4];

	switch (r->m.w[0]) {
	case N_REGISTER:
		return do_register(r, text);
	case N_DEVICE:
		snprintf(name, sizeof(name), "dev:%.59s", text);
		return names_lookup(r, name, r->m.w[1] & N_WAIT);
	case N_SERVICE:
		return do_service(r, text);
	case N_POWER:
		return r->m.w[1] > POWER_REBOOT ? -EINVAL : power_begin((int)r->m.w[1], 0);
	case N_CLOCK:
		return sys_clock_set(init_dev, r->m.w[1]);
	case N_EXIT:
		if (!cmdline_get("test", name, sizeof(name)) && !strstr(init_cmdline, "test="))
			return -EPERM;
		return power_begin(POWER_EXIT, (int)r->m.w[1] & 0x7f);
	}
	return -ENOSYS;
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	char text[1024];
	int64_t n;

	(void)s;
	if (r->m.id == ID_LOG)
		return log_call(r);
	n = srv_text(r, text, sizeof(text));
	if (n < 0)
		return n;
	if (r->m.w[0] != N_SERVICE && n >= NAME_SIZE)
		return -ENAMETOOLONG;
	n = public_call(r, text);
	if (n != NOT_PUBLIC)
		return n;
	return CRED_UID(r->m.cred) ? -EPERM : root_call(r, text);
}

static void cancel(struct srv *s, uint64_t token)
{
	(void)s;
	names_cancel(token);
}

static void setup(void)
{
	uint64_t entered = __builtin_ia32_rdtsc();
	int64_t err;

	init_dev = srv_extra("dev");
	if (init_dev == H_NONE)
		srv_die("the kernel gave no dev handle");
	sys_dev_info(init_dev, DEV_CMDLINE, init_cmdline, sizeof(init_cmdline) - 1);
	if (strstr(init_cmdline, "test=")) {
		char line[64];

		/* What `make bench` reads; under -icount the counter counts instructions. */
		sys_log(line, (uint64_t)snprintf(line, sizeof(line), "boot-to-user: %llu",
						 (unsigned long long)entered));
	}
	err = archive_open();
	if (err < 0)
		srv_die("no boot archive: error %d", (int)-err);
	if (srv_init(&init_srv))
		srv_die("no port");
	err = sys_port_create();
	if (err < 0 || sys_proc_supervise((handle_t)err) < 0)
		srv_die("cannot supervise: error %d", (int)-err);
	init_super = (handle_t)err;
}

int main(void)
{
	struct conf c = { .name = "procd", .text = "/sbin/procd", .restart = RESTART_NEVER };
	int64_t pid;

	c.argv[0] = c.text;
	setup();
	pid = service_spawn(&c);
	if (pid < 0)
		srv_die("cannot start procd: error %d", (int)-pid);
	srv_run(&init_srv);
	return 1;
}
