/* SPDX-License-Identifier: MIT */
/* Work on processes: forks, programs, signals, sudden ends. */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include "stress.h"

extern char **environ;

/* A child sees memory as it was, and changes only its own. */
int work_fork(unsigned worker)
{
	enum { N = 64 * 1024 };
	uint32_t seed = rnd();
	uint8_t *p = malloc(N);
	pid_t pid[4];

	NEED(p);
	pattern(p, N, seed, 0);
	for (int i = 0; i < 4; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			if (!pattern_is(p, N, seed, 0))
				_exit(99);
			memset(p, i, N);
			_exit((int)((worker + (unsigned)i) % 90));
		}
	}
	for (int i = 0; i < 4; i++)
		if (pid[i] > 0)
			NEED(status_of(pid[i]) == (int)((worker + (unsigned)i) % 90) << 8);
		else
			NEED(errno == EAGAIN || errno == ENOMEM);
	NEED(pattern_is(p, N, seed, 0));
	free(p);
	return 0;
}

int work_exec(unsigned worker)
{
	unsigned want = (worker * 7 + rnd()) % 200;
	char number[16];
	char *argv[] = { (char *)stress_self, "child", number, NULL };
	pid_t pid;

	snprintf(number, sizeof(number), "%u", want);
	if (rnd() % 2) {
		NEED(posix_spawn(&pid, stress_self, NULL, NULL, argv, environ) == 0);
	} else {
		pid = fork();
		NEED(pid >= 0);
		if (pid == 0) {
			execv(stress_self, argv);
			_exit(250);
		}
	}
	NEED(status_of(pid) == (int)want << 8);
	return 0;
}

static volatile sig_atomic_t caught;

static void on_signal(int signo)
{
	(void)signo;
	caught++;
}

/* A child sends numbered signals; all come, in order. */
static int queued(void)
{
	sigset_t set, old;
	siginfo_t info;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, &old);
	pid = fork();
	NEED(pid >= 0);
	if (pid == 0) {
		for (int i = 0; i < 16; i++)
			while (sigqueue(getppid(), SIGRTMIN, (union sigval){ .sival_int = i }) && errno == EAGAIN)
				usleep(100);
		_exit(0);
	}
	for (int i = 0; i < 16; i++) {
		int r;

		do
			r = sigwaitinfo(&set, &info);
		while (r < 0 && errno == EINTR);
		NEED(r == SIGRTMIN && info.si_value.sival_int == i && info.si_pid == pid);
	}
	NEED(status_of(pid) == 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return 0;
}

int work_signals(unsigned worker)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = worker & 1 ? SA_RESTART : 0 };
	timer_t timer;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec t = { { 0, 300000 }, { 0, 300000 } };

	sigaction(SIGUSR1, &sa, NULL);
	caught = 0;
	NEED(timer_create(CLOCK_MONOTONIC, &ev, &timer) == 0);
	NEED(timer_settime(timer, 0, &t, NULL) == 0);
	while (caught < 10 && !*stress_stop)
		nanosleep(&(struct timespec){ 0, 100000 }, NULL);
	NEED(timer_delete(timer) == 0);
	return queued();
}

/* Processes in the middle of anything are killed, stopped and continued. */
static void victim(unsigned worker)
{
	static work_fn *const any[] = { work_fork, work_exec, work_threads, work_files, work_map, work_pipes, work_pairs,
					work_tcp, work_wait };

	setpgid(0, 0);
	rnd_seed(rnd() + (uint32_t)getpid());
	for (;;)
		any[rnd() % (sizeof(any) / sizeof(any[0]))](worker + 100 + (unsigned)getpid() % 1000);
}

int work_kill(unsigned worker)
{
	pid_t pid = fork();

	NEED(pid >= 0);
	if (pid == 0)
		victim(worker);
	setpgid(pid, pid);
	for (int i = rnd() % 4; i > 0; i--) {
		usleep(rnd() % 20000);
		kill(-pid, SIGSTOP);
		usleep(rnd() % 2000);
		kill(-pid, SIGCONT);
	}
	usleep(rnd() % 50000);
	NEED(kill(-pid, SIGKILL) == 0);
	NEED(status_of(pid) == SIGKILL);
	/* Its children are in its group too; one that was being made may have come late. */
	while (kill(-pid, SIGKILL) == 0)
		usleep(1000);
	return 0;
}
