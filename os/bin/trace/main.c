/* SPDX-License-Identifier: MIT */
/* trace: shows the system calls and messages of programs; see trace(1). */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "trace.h"

#define PROCS	256
#define THREADS	1024

/* A traced process; key of the event queue is its index. */
static struct traced { handle_t d; uint32_t pid; int quiet; } procs[PROCS];
static struct call { uint32_t tid; int64_t since; struct line line; } *calls[THREADS];
static int nprocs, alive;
static handle_t evq;
static FILE *out;
static int follow, times;
static int exit_status;
static uint32_t first_pid;

static void add(handle_t d, uint32_t pid, int quiet)
{
	int i = 0;

	while (i < nprocs && procs[i].d != H_NONE)
		i++;
	if (i == PROCS) {
		warnx("too many processes: %u is not followed", pid);
		sys_handle_close(d);
		return;
	}
	nprocs = i == nprocs ? i + 1 : nprocs;
	procs[i] = (struct traced){ d, pid, quiet };
	alive++;
	sys6(SYS_bind, SYS_ARG(d), SYS_ARG(evq), (uint64_t)i, EV_IN | EV_HUP, 0, 0);
}

static struct call *call_of(uint32_t tid, int make)
{
	int room = -1;

	for (int i = 0; i < THREADS; i++) {
		if (calls[i] && calls[i]->tid == tid)
			return calls[i];
		if (room < 0 && (!calls[i] || !calls[i]->tid))
			room = i;
	}
	if (!make || room < 0)
		return NULL;
	if (!calls[room])
		calls[room] = malloc(sizeof(*calls[room]));
	if (calls[room])
		calls[room]->tid = tid;
	return calls[room];
}

static void print(const struct debug_event *ev, const char *text, int64_t took)
{
	if (follow)
		fprintf(out, "%u ", ev->tid);
	if (times)
		fprintf(out, "%lld.%06lld ", (long long)(ev->time / 1000000000),
			(long long)(ev->time / 1000 % 1000000));
	fputs(text, out);
	if (times && took >= 0)
		fprintf(out, " <%lld.%06lld>", (long long)(took / 1000000000), (long long)(took / 1000 % 1000000));
	fputc('\n', out);
}

static void on_entry(struct traced *p, const struct debug_event *ev)
{
	struct call *c = call_of(ev->tid, 1);

	if (!c)
		return;
	c->since = ev->time;
	c->line.n = 0;
	put_entry(&c->line, p->d, ev);
	/* These do not come back. */
	if (ev->nr == SYS_proc_exit || ev->nr == SYS_thread_exit || ev->nr == SYS_sig_return) {
		c->tid = 0;
		put(&c->line, " = ?");
		print(ev, c->line.s, -1);
	}
}

static void on_return(struct traced *p, const struct debug_event *ev)
{
	struct call *c = call_of(ev->tid, 0);
	struct line own = { .n = 0 }, *l = c ? &c->line : &own;

	if (!c)
		put_entry(l, p->d, ev);
	put_return(l, p->d, ev);
	print(ev, l->s, c ? ev->time - c->since : -1);
	if (c)
		c->tid = 0;
}

static void on_exit_event(struct traced *p, const struct debug_event *ev)
{
	int st = (int)ev->result;
	struct line l = { .n = 0 };

	if (WIFSIGNALED(st))
		put(&l, "+++ killed by %s%s +++", signal_name(WTERMSIG(st)), WCOREDUMP(st) ? " (core dumped)" : "");
	else
		put(&l, "+++ exited with %d +++", WEXITSTATUS(st));
	print(ev, l.s, -1);
	if (ev->pid == first_pid)
		exit_status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	sys_handle_close(p->d);
	p->d = H_NONE;
	alive--;
}

static void on_signal(const struct debug_event *ev)
{
	struct line l = { .n = 0 };

	put(&l, "--- %s {code %d, ", signal_name(ev->info.signo), ev->info.code);
	if (ev->info.code > 0 && ev->info.signo != SIGCHLD)
		put(&l, "addr %#lx} ---", (unsigned long)ev->info.u.fault.addr);
	else
		put(&l, "pid %d, uid %u} ---", ev->info.u.kill.pid, ev->info.u.kill.uid);
	print(ev, l.s, -1);
}

static void on_exec(struct traced *p, const struct debug_event *ev)
{
	struct debug_info info;
	struct call *c = call_of(ev->tid, 0);
	struct line l = { .n = 0 };

	if (debug_do(p->d, DEBUG_INFO, 0, (uint64_t)&info, 0, 0) < 0)
		info.name[0] = '\0';
	if (c)
		c->tid = 0;
	p->quiet = 0;
	put(&l, "=== executes %s ===", info.name);
	print(ev, l.s, -1);
}

static void handle(struct traced *p, const struct debug_event *ev)
{
	struct line l = { .n = 0 };

	switch (ev->kind) {
	case DEBUG_EV_ENTRY:
		if (!p->quiet)
			on_entry(p, ev);
		break;
	case DEBUG_EV_RETURN:
		if (!p->quiet)
			on_return(p, ev);
		break;
	case DEBUG_EV_SIGNAL:
		on_signal(ev);
		break;
	case DEBUG_EV_EXEC:
		on_exec(p, ev);
		break;
	case DEBUG_EV_FORK:
		put(&l, "=== process %lu ===", (unsigned long)ev->arg[0]);
		print(ev, l.s, -1);
		if (ev->h >= 0)
			add(ev->h, (uint32_t)ev->arg[0], 0);
		return;		/* the parent runs on */
	case DEBUG_EV_EXIT:
		on_exit_event(p, ev);
		return;
	case DEBUG_EV_THREAD_END:
		return;
	}
	debug_do(p->d, DEBUG_CONT, ev->tid, 0, 0, 0);
}

static volatile sig_atomic_t stop;
static void on_int(int sig)
{
	(void)sig;
	stop = 1;
}

static void loop(void)
{
	struct abi_event e;
	struct debug_event ev;

	while (alive && !stop) {
		int64_t n = sys6(SYS_evq_wait, SYS_ARG(evq), SYS_ARG(&e), 1, T_FOREVER, 0, 0);
		if (n < 1)
			continue;
		struct traced *p = &procs[e.key];
		if (p->d != H_NONE && debug_next(p->d, &ev, 0) == 0)
			handle(p, &ev);
	}
}

static uint32_t options(void)
{
	return DEBUG_SYSCALLS | DEBUG_EXECS | (follow ? DEBUG_FORKS : 0);
}

/* A child that waits for a byte before it executes the command. */
static void start(char **argv)
{
	int p[2];
	char go;
	pid_t pid;
	int64_t d;

	if (pipe(p) < 0 || (pid = fork()) < 0)
		err(1, "cannot make a process");
	if (pid == 0) {
		close(p[1]);
		if (read(p[0], &go, 1) != 1)
			_exit(1);
		close(p[0]);
		execvp(argv[0], argv);
		warn("%s", argv[0]);
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(p[0]);
	d = debug_attach((uint32_t)pid, options());
	if (d < 0)
		errx(1, "cannot trace: %s", strerror((int)-d));
	first_pid = (uint32_t)pid;
	add((handle_t)d, (uint32_t)pid, 1);
	if (write(p[1], "", 1) != 1)
		err(1, "cannot start %s", argv[0]);
	close(p[1]);
}

static void attach(const char *text)
{
	char *end;
	unsigned long pid = strtoul(text, &end, 10);
	int64_t d;

	if (*end || !pid)
		errx(2, "%s: no process number", text);
	d = debug_attach((uint32_t)pid, options());
	if (d < 0)
		errx(1, "%lu: %s", pid, strerror((int)-d));
	add((handle_t)d, (uint32_t)pid, 0);
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: trace [-ft] [-o file] command [argument...]\n"
		"       trace [-ft] [-o file] -p pid\n");
	exit(2);
}

int main(int argc, char **argv)
{
	const char *pid = NULL;
	int c;

	out = stderr;
	while ((c = getopt(argc, argv, "+fto:p:")) != -1) {
		switch (c) {
		case 'f': follow = 1; break;
		case 't': times = 1; break;
		case 'p': pid = optarg; break;
		case 'o':
			if (!(out = fopen(optarg, "w")))
				err(1, "%s", optarg);
			break;
		default: usage();
		}
	}
	if (!pid == (optind == argc))
		usage();
	evq = (handle_t)sys6(SYS_evq_create, H_CLOEXEC, 0, 0, 0, 0, 0);
	if (pid) {
		attach(pid);
		signal(SIGINT, on_int);
		signal(SIGTERM, on_int);
	} else {
		start(argv + optind);
		signal(SIGINT, SIG_IGN);
	}
	setvbuf(out, NULL, _IOLBF, 0);
	loop();
	if (fflush(out) != 0 || ferror(out))
		err(1, "cannot write");
	return exit_status;
}
