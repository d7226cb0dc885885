/* SPDX-License-Identifier: MIT */
/* Job control: groups in the background, orphaned ones, waitid, packet mode, and shells that use it all. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

static int master, slave;

/* Runs fn as the leader of a session on a new terminal: its result. */
static int on_terminal(int (*fn)(void))
{
	int status = -1;
	pid_t pid;

	CHECK(!openpty(&master, &slave, NULL, NULL, NULL));
	pid = fork();
	if (!pid) {
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		alarm(200);
		_exit(fn());
	}
	waitpid(pid, &status, 0);
	close(slave);
	close(master);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* A child in a group of its own that runs fn in the background. */
static pid_t background(int (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		_exit(fn());
	}
	setpgid(pid, pid);
	return pid;
}

static int stopped_by(pid_t pid)
{
	int status;

	return waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) ? WSTOPSIG(status) : -1;
}

/* Continues it in the foreground: its exit status. */
static int finish(pid_t pid)
{
	int status;

	signal(SIGTTOU, SIG_IGN);
	if (tcsetpgrp(slave, pid))
		return -1;
	kill(-pid, SIGCONT);
	if (waitpid(pid, &status, 0) != pid)
		return -2;
	tcsetpgrp(slave, getpgrp());
	signal(SIGTTOU, SIG_DFL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -3;
}

static int set_modes(void)
{
	struct termios t;

	tcgetattr(slave, &t);
	t.c_lflag &= ~(tcflag_t)ECHO;
	return tcsetattr(slave, TCSANOW, &t) ? 9 : 7;
}

static int write_out(void)
{
	return write(slave, "x", 1) == 1 ? 7 : 9;
}

static int changers(void)
{
	struct termios t;
	pid_t pid = background(set_modes);

	if (stopped_by(pid) != SIGTTOU)
		return 1;
	tcgetattr(slave, &t);
	if (!(t.c_lflag & ECHO))
		return 2;
	if (finish(pid) != 7)
		return 3;
	tcgetattr(slave, &t);
	if (t.c_lflag & ECHO)
		return 4;
	return 0;
}

static void changes_from_the_background_stop(void)
{
	CHECK(on_terminal(changers) == 0);
}

static int set_ignoring(void)
{
	signal(SIGTTOU, SIG_IGN);
	return set_modes();
}

static int set_blocking(void)
{
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGTTOU);
	sigprocmask(SIG_BLOCK, &s, NULL);
	return set_modes();
}

static int unwilling(void)
{
	int status;
	pid_t pid = background(set_ignoring);

	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		return 1;
	pid = background(set_blocking);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		return 2;
	return 0;
}

static void who_ignores_ttou_may_change(void)
{
	CHECK(on_terminal(unwilling) == 0);
}

static int writers(void)
{
	struct termios t;
	int status;
	pid_t pid = background(write_out);

	if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 7)
		return 1;			/* without TOSTOP everybody writes */
	tcgetattr(slave, &t);
	t.c_lflag |= TOSTOP;
	tcsetattr(slave, TCSANOW, &t);
	pid = background(write_out);
	if (stopped_by(pid) != SIGTTOU)
		return 2;
	return finish(pid) == 7 ? 0 : 3;
}

static void tostop_stops_writers(void)
{
	CHECK(on_terminal(writers) == 0);
}

static int read_ignoring(void)
{
	char c;

	signal(SIGTTIN, SIG_IGN);
	return read(slave, &c, 1) == -1 && errno == EIO ? 7 : 9;
}

static int deaf_reader(void)
{
	int status;
	pid_t pid = background(read_ignoring);

	return waitpid(pid, &status, WUNTRACED) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 0 : 1;
}

static void who_ignores_ttin_gets_eio(void)
{
	CHECK(on_terminal(deaf_reader) == 0);
}

static volatile sig_atomic_t hup, cont;

static void note(int sig)
{
	hup |= sig == SIGHUP;
	cont |= sig == SIGCONT;
}

/* In a group whose leader stops and whose parent ends: SIGHUP and SIGCONT come; then reads give EIO. */
static int orphan(int report)
{
	char c, ok = 'y';
	struct sigaction sa = { .sa_handler = note };

	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGCONT, &sa, NULL);
	raise(SIGSTOP);
	for (int i = 0; i < 6000 && !(hup && cont); i++)
		usleep(10000);
	if (!hup || !cont)
		ok = 'h';
	else if (read(slave, &c, 1) != -1 || errno != EIO)
		ok = 'r';
	if (write(report, &ok, 1) != 1)
		return 1;
	return 0;
}

static int leaves_an_orphan(void)
{
	int p[2];
	char c = 0;
	pid_t middle, pid;

	if (pipe(p))
		return 1;
	middle = fork();
	if (!middle) {
		setpgid(0, 0);
		pid = fork();
		if (!pid) {
			setpgid(0, 0);
			_exit(orphan(p[1]));
		}
		waitpid(pid, NULL, WUNTRACED);
		_exit(0);
	}
	waitpid(middle, NULL, 0);
	close(p[1]);
	return read(p[0], &c, 1) == 1 && c == 'y' ? 0 : c ? c : 2;
}

static void orphaned_groups_are_released(void)
{
	CHECK(on_terminal(leaves_an_orphan) == 0);
}

static void waitid_tells_and_leaves(void)
{
	siginfo_t si;
	int p[2];
	pid_t pid;
	char c;

	CHECK(!pipe(p));
	pid = fork();
	if (!pid) {
		raise(SIGSTOP);
		_exit(read(p[0], &c, 1) == 1 ? 5 : 6);
	}
	CHECK(!waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOWAIT) && si.si_code == CLD_STOPPED && si.si_status == SIGSTOP);
	CHECK(!waitid(P_PID, (id_t)pid, &si, WSTOPPED) && si.si_pid == pid && si.si_signo == SIGCHLD && si.si_uid == getuid());
	si.si_pid = 1;
	CHECK(!waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOHANG) && !si.si_pid);
	kill(pid, SIGCONT);
	CHECK(!waitid(P_PID, (id_t)pid, &si, WCONTINUED) && si.si_code == CLD_CONTINUED);
	CHECK(write(p[1], "x", 1) == 1);
	CHECK(!waitid(P_ALL, 0, &si, WEXITED | WNOWAIT) && si.si_code == CLD_EXITED && si.si_status == 5);
	si.si_pid = 1;
	CHECK(!waitid(P_PID, (id_t)pid, &si, WSTOPPED | WNOHANG) && !si.si_pid);	/* an end is not asked for */
	CHECK(!waitid(P_PGID, (id_t)getpgrp(), &si, WEXITED) && si.si_pid == pid);
	CHECK(waitid(P_ALL, 0, &si, WEXITED) == -1 && errno == ECHILD);
	CHECK(waitid(P_ALL, 0, &si, 0) == -1 && errno == EINVAL);
	close(p[0]);
	close(p[1]);
}

static volatile sig_atomic_t stops, ends;

static void news(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)context;
	stops += si->si_code == CLD_STOPPED || si->si_code == CLD_CONTINUED;
	ends += si->si_code == CLD_KILLED;
}

/* Stops, continues and ends a child under a handler with these flags. */
static void stop_and_end(int flags)
{
	struct sigaction sa = { .sa_sigaction = news, .sa_flags = SA_SIGINFO | SA_RESTART | flags }, old;
	siginfo_t si;
	pid_t pid;

	stops = ends = 0;
	sigaction(SIGCHLD, &sa, &old);
	pid = fork();
	if (!pid)
		for (;;)
			pause();
	kill(pid, SIGSTOP);
	CHECK(!waitid(P_PID, (id_t)pid, &si, WSTOPPED));
	kill(pid, SIGCONT);
	CHECK(!waitid(P_PID, (id_t)pid, &si, WCONTINUED));
	kill(pid, SIGKILL);
	CHECK(!waitid(P_PID, (id_t)pid, &si, WEXITED));
	for (int i = 0; i < 6000 && !ends; i++)
		usleep(10000);
	sigaction(SIGCHLD, &old, NULL);
}

static void news_of_stops_can_be_declined(void)
{
	stop_and_end(0);
	CHECK(stops && ends == 1);
	stop_and_end(SA_NOCLDSTOP);
	CHECK(!stops && ends == 1);
}

static int packet(const char *want, size_t n)
{
	char buf[64];
	ssize_t got = read(master, buf, sizeof(buf));

	return got == (ssize_t)n && !memcmp(buf, want, n);
}

static void packet_mode_tells_of_changes(void)
{
	struct pollfd p = { 0, POLLIN | POLLPRI, 0 };
	struct termios t;
	int on = 1;

	CHECK(!openpty(&master, &slave, NULL, NULL, NULL) && !ioctl(master, TIOCPKT, &on));
	CHECK(write(slave, "ab", 2) == 2 && packet("\0ab", 3));
	CHECK(!tcflush(slave, TCIOFLUSH));
	p.fd = master;
	CHECK(poll(&p, 1, 60000) == 1 && p.revents & POLLPRI && packet("\3", 1));
	tcgetattr(slave, &t);
	t.c_iflag ^= IXON;
	tcsetattr(slave, TCSANOW, &t);
	CHECK(packet(t.c_iflag & IXON ? "\40" : "\20", 1));
	close(slave);
	close(master);
}

static void exclusive_terminals_open_once(void)
{
	char name[64];
	int fd, status;
	pid_t pid;

	CHECK(!openpty(&master, &slave, name, NULL, NULL) && !ioctl(slave, TIOCEXCL) && !chmod(name, 0666));
	pid = fork();
	if (!pid) {
		if (setuid(1001))
			_exit(2);
		fd = open(name, O_RDWR | O_NOCTTY);
		_exit(fd == -1 && errno == EBUSY ? 7 : 1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7);
	close(slave);
	close(master);
}

static char out[8192];

static int within(int seconds, const char *text)
{
	time_t end = time(NULL) + seconds;
	size_t n = 0;

	while (time(NULL) < end) {
		struct pollfd p = { master, POLLIN, 0 };
		ssize_t got;

		if (poll(&p, 1, 500) != 1)
			continue;
		got = read(master, out + n, sizeof(out) - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		out[n] = '\0';
		if (strstr(out, text))
			return 1;
	}
	if (!n)
		out[0] = '\0';
	return 0;
}

static int expect(const char *text)
{
	if (within(60, text))
		return 1;
	fprintf(stderr, "no \"%s\" in \"%s\"\n", text, out);
	return 0;
}

static void type(const char *text)
{
	CHECK(write(master, text, strlen(text)) == (ssize_t)strlen(text));
}

/* Stops a job by a key, lists it, continues it in the background and in the foreground, ends it. */
static void shell(const char *path)
{
	pid_t pid;
	int status, tries = 0;

	if (access(path, X_OK))
		return;
	pid = forkpty(&master, NULL, NULL, NULL);
	if (!pid) {
		setenv("PS1", "ready# ", 1);
		execl(path, path, "-i", (char *)NULL);
		_exit(99);
	}
	CHECK(expect("ready# "));
	type("sh -c 'echo g\"\"o; exec sleep 50'\n");
	CHECK(expect("\r\ngo"));
	type("\032");
	CHECK(expect("ready# "));
	type("jobs\n");
	CHECK(expect("Stopped"));
	type("bg; jobs\n");
	CHECK(expect("Running"));
	type("fg\n");
	CHECK(expect("sleep 50"));
	do			/* till it is in the foreground */
		type("\003");
	while (!within(3, "ready# ") && ++tries < 40);
	type("cat &\n");
	do			/* till it has tried to read */
		type("sleep 1; jobs\n");
	while (!within(3, "Stopped") && ++tries < 80);
	CHECK(tries < 80);
	type("kill %1; exit 6\n");
	type("exit 6\n");
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 6);
	close(master);
}

static void dash_controls_jobs(void)
{
	shell("/bin/sh");
}

static void bash_controls_jobs(void)
{
	shell("/bin/bash");
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(changes_from_the_background_stop), T(who_ignores_ttou_may_change), T(tostop_stops_writers),
		T(who_ignores_ttin_gets_eio), T(orphaned_groups_are_released), T(waitid_tells_and_leaves),
		T(news_of_stops_can_be_declined),
		T(packet_mode_tells_of_changes), T(exclusive_terminals_open_once), T(dash_controls_jobs),
		T(bash_controls_jobs), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(900);
	return run_tests(tests);
}
