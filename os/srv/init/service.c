/* SPDX-License-Identifier: MIT */
/* Services: start when what they wait for is there, watch, restart with growing pauses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "../../lib/spawn.h"
#include "init.h"

#define SECOND		1000000000ll
#define PAUSE_FIRST	(SECOND / 10)
#define PAUSE_MAX	(10 * SECOND)
#define LIVED_LONG	(10 * SECOND)	/* who lived that long is restarted at once */
#define QUICK_MAX	20		/* restarts one after the other while clients wait for its return */
#define NO_PROGRAM	127		/* status of "rc exec" when there is nothing to execute */

enum state { WAITING, RUNNING, PAUSED, STOPPED };

struct service {
	struct service *next;
	struct conf conf;
	enum state state;
	uint32_t pid;			/* RUNNING */
	handle_t port, page;		/* conf.keep: what it receives on, and a page of its own; H_NONE: to be made */
	unsigned quick;			/* restarts since it lived long */
	unsigned restarts;
	int64_t started, pause;
	struct srv_timer timer;
};

static struct service *services;
static int stopping;
static handle_t log_file = H_NONE;

static const char *const state_names[] = { "waiting", "running", "paused", "stopped" };

static int64_t dev_for(const struct conf *c)
{
	return c->nrange ? sys_dev_restrict(init_dev, c->range, c->nrange) : H_NONE;
}

/* A path that the boot archive does not have is run by the archive's rc, which executes it. */
static int find_image(const struct conf *c, struct image *img, const char **argv)
{
	unsigned n = 0;
	int err = archive_find(c->argv[0] + 1, img);

	if (err) {
		err = archive_find("sbin/rc", img);
		argv[n++] = "rc";
		argv[n++] = "exec";
	}
	for (unsigned i = 0; c->argv[i]; i++)
		argv[n++] = c->argv[i];
	argv[n] = NULL;
	return err;
}

static int64_t spawn_with(const struct conf *c, handle_t port, handle_t page)
{
	static char cmdline[sizeof(init_cmdline) + 16];
	static const char *const envp[] = {
		"PATH=/usr/bin:/bin", "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/sh",
		cmdline, NULL,
	};
	const char *argv[MAX_ARGS + 3];
	struct spawn_extra extra[4];
	struct spawn s = {
		.name = c->name, .argv = argv, .envp = envp, .names = H_NONE, .procd = init_procd,
		.extra = extra, .umask = 022,
	};
	struct image img;
	int64_t dev, pid;

	snprintf(cmdline, sizeof(cmdline), "CALX_CMDLINE=%s", init_cmdline);
	if (find_image(c, &img, argv))
		return -ENOENT;
	s.image = img.data;
	s.size = img.size;
	dev = dev_for(c);
	if (dev < 0 && dev != H_NONE)
		return dev;
	if (dev >= 0)
		extra[s.nextra++] = (struct spawn_extra){ "dev", (handle_t)dev };
	if (port != H_NONE)
		extra[s.nextra++] = (struct spawn_extra){ "port", port };
	if (page != H_NONE)
		extra[s.nextra++] = (struct spawn_extra){ "keep", page };
	if (init_procd == H_NONE)
		extra[s.nextra++] = (struct spawn_extra){ "super", init_super };
	if (log_file == H_NONE)
		log_file = (handle_t)srv_file(&init_srv, ID_LOG, 02, EV_IN | EV_OUT, 0);
	s.names = names_file();
	s.out = log_file;
	pid = spawn_image(&s);
	if (dev >= 0)
		sys_handle_close((handle_t)dev);
	return pid;
}

int64_t service_spawn(const struct conf *c)
{
	return spawn_with(c, H_NONE, H_NONE);
}

/* Its clients, who wait for its return, get errors. */
static void forget_port(struct service *s)
{
	if (s->port != H_NONE)
		sys_handle_close(s->port);
	if (s->page != H_NONE)
		sys_handle_close(s->page);
	s->port = s->page = H_NONE;
}

static void make_port(struct service *s)
{
	int64_t port = s->conf.keep && s->port == H_NONE ? sys_port_create() : H_NONE;
	int64_t page = s->conf.keep && s->page == H_NONE ? sys_mem_create(ABI_PAGE, MEM_FIXED) : H_NONE;

	if (port >= 0)
		s->port = (handle_t)port;
	if (page >= 0)
		s->page = (handle_t)page;
}

static void pause_then_start(struct service *s);

static int first_running(void)
{
	for (struct service *s = services; s; s = s->next)
		if (s->conf.first && s->state == RUNNING)
			return 1;
	return 0;
}

/* Is all there that the service waits for? */
static int all_present(const char *words)
{
	char name[NAME_SIZE];

	for (; *words; words += strspn(words, " \t")) {
		size_t n = strcspn(words, " \t");

		memcpy(name, words, n);
		name[n] = '\0';
		if (!names_present(name))
			return 0;
		words += n;
	}
	return 1;
}

/* Who holds what was not written yet, and who drives the disk: they are started again even while the system ends. */
static int needed_to_the_end(const struct service *s)
{
	return s->conf.keep || s->conf.nrange;
}

static void start(struct service *s)
{
	int64_t pid;

	if (stopping && !needed_to_the_end(s))
		return;
	if ((!s->conf.first && first_running()) || !all_present(s->conf.wait)) {
		s->state = WAITING;
		return;
	}
	make_port(s);
	pid = spawn_with(&s->conf, s->port, s->page);
	if (pid < 0) {
		srv_log("%s: cannot start: error %d", s->conf.name, (int)-pid);
		pause_then_start(s);
		return;
	}
	s->state = RUNNING;
	s->pid = (uint32_t)pid;
	s->started = srv_now();
}

static void timer(void *arg)
{
	start(arg);
}

static void pause_then_start(struct service *s)
{
	int64_t now = srv_now();

	if (s->started && now - s->started > LIVED_LONG)
		s->pause = s->quick = 0;
	if (++s->quick > QUICK_MAX)
		forget_port(s);
	s->state = PAUSED;
	srv_timer_set(&init_srv, &s->timer, now + s->pause + 1);
	s->pause = s->pause ? s->pause * 2 : PAUSE_FIRST;
	if (s->pause > PAUSE_MAX)
		s->pause = PAUSE_MAX;
}

static struct service *by_name(const char *name)
{
	struct service *s;

	for (s = services; s && strcmp(s->conf.name, name); s = s->next)
		;
	return s;
}

int64_t service_add(const struct conf *c)
{
	struct service *s, **p;

	if (by_name(c->name))
		return -EEXIST;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->conf = *c;
	for (unsigned i = 0; c->argv[i]; i++)
		s->conf.argv[i] = s->conf.text + (c->argv[i] - c->text);
	s->port = s->page = H_NONE;
	s->timer.fn = timer;
	s->timer.arg = s;
	for (p = &services; *p; p = &(*p)->next)
		;
	*p = s;
	start(s);
	return 0;
}

void service_kick(void)
{
	for (struct service *s = services; s; s = s->next)
		if (s->state == WAITING)
			start(s);
}

static void report(const struct service *s, int status)
{
	if (WIFSIGNALED(status))
		srv_log("%s (pid %u) was killed by signal %d", s->conf.name, s->pid,
			WTERMSIG(status));
	else if (WEXITSTATUS(status) || s->conf.critical)
		srv_log("%s (pid %u) exited with status %d", s->conf.name, s->pid,
			WEXITSTATUS(status));
}

int service_died(uint32_t pid, int status)
{
	struct service *s;

	for (s = services; s && !(s->state == RUNNING && s->pid == pid); s = s->next)
		;
	if (!s)
		return 0;
	s->state = STOPPED;
	if (stopping && !needed_to_the_end(s))
		return 1;
	report(s, status);
	if (s->conf.critical)
		power_begin(POWER_REBOOT, 0);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
		srv_log("%s: given up: there is no program %s", s->conf.name, s->conf.argv[0]);
	else if (s->conf.restart == RESTART_ALWAYS || (s->conf.restart == RESTART_FAILURE && status)) {
		s->restarts++;
		pause_then_start(s);
	} else {
		forget_port(s);
	}
	if (s->conf.first)
		service_kick();
	return 1;
}

static int64_t end(struct service *s)
{
	struct msg m = { .w = { P_KILL, s->pid, 15 } };

	return sys_call(init_procd, &m);
}

static void stop(struct service *s)
{
	srv_timer_set(&init_srv, &s->timer, 0);
	if (s->state == RUNNING)
		end(s);
	/* service_died then finds no running service of this pid: it is not restarted. */
	s->state = STOPPED;
}

int64_t service_control(const char *name, uint64_t what)
{
	struct service *s = by_name(name);

	if (!s)
		return -ENOENT;
	if (s->conf.critical)
		return -EBUSY;
	if (what == SERVICE_RESTART && s->conf.keep && s->state == RUNNING)
		return end(s);		/* one at a time at its port: its end starts the next */
	if (what == SERVICE_STOP || what == SERVICE_RESTART)
		stop(s);
	if (what == SERVICE_STOP) {
		forget_port(s);
		return 0;
	}
	if (what != SERVICE_START && what != SERVICE_RESTART)
		return -EINVAL;
	s->pause = 0;
	if (s->state != RUNNING)
		pause_then_start(s);
	return 0;
}

void service_stop_all(void)
{
	stopping = 1;
	for (struct service *s = services; s; s = s->next) {
		if (s->state != PAUSED || !needed_to_the_end(s))
			continue;
		s->pause = 0;
		pause_then_start(s);
	}
}

int64_t service_list(struct srv_req *r)
{
	static char buf[8192];
	size_t n = 0;

	for (struct service *s = services; s && n < sizeof(buf) - 128; s = s->next)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s %u %s %u\n", s->conf.name,
				      s->state == RUNNING ? s->pid : 0, state_names[s->state],
				      s->restarts);
	return srv_put(r, buf, n);
}
