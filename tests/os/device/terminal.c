/* SPDX-License-Identifier: MIT */
/* Terminals as programs use them: pseudo terminals, modes, waiting, sessions, job control. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

static int master, slave;
static char name[64];

static void open_pty(void)
{
	master = posix_openpt(O_RDWR | O_NOCTTY);
	CHECK(master >= 0);
	CHECK(!grantpt(master) && !unlockpt(master));
	CHECK(!ptsname_r(master, name, sizeof(name)));
	slave = open(name, O_RDWR | O_NOCTTY);
	CHECK(slave >= 0);
}

static void close_pty(void)
{
	close(slave);
	close(master);
}

static int reads(int fd, const char *want)
{
	char buf[256];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n == (ssize_t)strlen(want) && !memcmp(buf, want, (size_t)n))
		return 1;
	fprintf(stderr, "read %zd '%.*s', not '%s'\n", n, n > 0 ? (int)n : 0, buf, want);
	return 0;
}

static void type(const char *s)
{
	CHECK(write(master, s, strlen(s)) == (ssize_t)strlen(s));
}

static short ready(int fd, short events, int ms)
{
	struct pollfd p = { fd, events, 0 };

	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

static void set_raw(int min, int time)
{
	struct termios t;

	CHECK(!tcgetattr(slave, &t));
	cfmakeraw(&t);
	t.c_cc[VMIN] = (cc_t)min;
	t.c_cc[VTIME] = (cc_t)time;
	CHECK(!tcsetattr(slave, TCSANOW, &t));
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void pty_passes_lines(void)
{
	open_pty();
	CHECK(isatty(slave));
	type("hello\n");
	CHECK(reads(slave, "hello\n"));
	CHECK(reads(master, "hello\r\n"));
	CHECK(write(slave, "out\n", 4) == 4);
	CHECK(reads(master, "out\r\n"));
	close_pty();
}

static void pty_has_a_name(void)
{
	char back[64];
	struct stat a, b;

	open_pty();
	CHECK(!ttyname_r(slave, back, sizeof(back)) && !strcmp(back, name));
	CHECK(!stat(name, &a) && !fstat(slave, &b) && a.st_rdev == b.st_rdev && S_ISCHR(a.st_mode));
	close_pty();
	CHECK(stat(name, &a) < 0 && errno == ENOENT);
}

static void poll_tells_when_a_line_is_there(void)
{
	open_pty();
	CHECK(!ready(slave, POLLIN, 0));
	type("ab");
	CHECK(!ready(slave, POLLIN, 20));
	type("\n");
	CHECK(ready(slave, POLLIN, 60000) == POLLIN);
	CHECK(ready(slave, POLLOUT, 0) == POLLOUT);
	CHECK(reads(slave, "ab\n"));
	CHECK(!ready(slave, POLLIN, 0));
	close_pty();
}

static void fionread_counts(void)
{
	int n = -1;

	open_pty();
	type("abc\n");
	CHECK(ready(slave, POLLIN, 60000));
	CHECK(!ioctl(slave, FIONREAD, &n) && n == 4);
	close_pty();
}

static void nonblocking_read_does_not_wait(void)
{
	char c;

	open_pty();
	CHECK(!fcntl(slave, F_SETFL, O_NONBLOCK));
	CHECK(read(slave, &c, 1) < 0 && errno == EAGAIN);
	close_pty();
}

static void vmin_and_vtime(void)
{
	char c;
	double t;

	open_pty();
	set_raw(0, 0);
	CHECK(read(slave, &c, 1) == 0);
	set_raw(0, 2);
	t = seconds();
	CHECK(read(slave, &c, 1) == 0);
	t = seconds() - t;
	CHECK(t > 0.15 && t < 60);
	set_raw(3, 0);
	type("abc");
	CHECK(reads(slave, "abc"));
	set_raw(5, 1);
	type("xy");
	CHECK(reads(slave, "xy"));
	close_pty();
}

static void closing_the_master_hangs_up(void)
{
	char c;

	open_pty();
	close(master);
	CHECK(ready(slave, POLLIN, 60000) & POLLHUP);
	CHECK(read(slave, &c, 1) == 0);
	CHECK(write(slave, &c, 1) < 0 && errno == EIO);
	close(slave);
}

static void closing_the_slave_ends_the_master(void)
{
	char c;

	open_pty();
	CHECK(write(slave, "x", 1) == 1);
	close(slave);
	CHECK(reads(master, "x"));
	CHECK(read(master, &c, 1) < 0 && errno == EIO);
	close(master);
}

static volatile sig_atomic_t caught;

static void on_signal(int signo)
{
	caught = signo;
}

/* A child that runs fn as a session leader with the slave as its terminal, which it is when this returns. */
static pid_t session(int (*fn)(void))
{
	int p[2];
	pid_t pid;
	char c;

	caught = 0;
	CHECK(!pipe(p));
	pid = fork();
	if (!pid) {
		close(master);
		setsid();
		if (ioctl(slave, TIOCSCTTY, 0))
			_exit(100);
		signal(SIGWINCH, on_signal);
		signal(SIGINT, on_signal);
		if (write(p[1], "r", 1) != 1)
			_exit(101);
		_exit(fn());
	}
	close(p[1]);
	CHECK(read(p[0], &c, 1) == 1);
	close(p[0]);
	return pid;
}

static int end_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

/* The exit status of such a child when this is typed. */
static int in_session(int (*fn)(void), const char *typed)
{
	pid_t pid = session(fn);

	type(typed);
	return end_of(pid);
}

static int wait_for_signal(void)
{
	for (int i = 0; i < 3000 && !caught; i++)
		usleep(20000);
	return caught;
}

static void interrupt_reaches_the_foreground(void)
{
	open_pty();
	CHECK(in_session(wait_for_signal, "\003") == SIGINT);
	close_pty();
}

static int check_tty(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fd < 0)
		return 1;
	if (tcgetsid(fd) != getpid() || tcgetpgrp(fd) != getpgrp())
		return 2;
	return isatty(fd) ? 0 : 3;
}

static void dev_tty_is_the_sessions_terminal(void)
{
	open_pty();
	CHECK(in_session(check_tty, "") == 0);
	close_pty();
}

/* A child in the background reads: it stops; brought to the foreground it goes on. */
static int background_reader(void)
{
	int status;
	char buf[16];
	pid_t pid = fork();

	if (!pid) {
		setpgid(0, 0);
		_exit(read(slave, buf, sizeof(buf)) == 3 ? 7 : 8);
	}
	setpgid(pid, pid);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status) ||
	    WSTOPSIG(status) != SIGTTIN)
		return 1;
	signal(SIGTTOU, SIG_IGN);
	if (tcsetpgrp(slave, pid))
		return 2;
	kill(-pid, SIGCONT);
	if (waitpid(pid, &status, 0) != pid)
		return 3;
	return WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 0 : 4;
}

static void background_read_stops_until_foreground(void)
{
	int r;

	open_pty();
	r = in_session(background_reader, "ok\n");
	CHECK(r == 0);
	close_pty();
}

static void size_changes_are_signalled(void)
{
	struct winsize ws = { .ws_row = 30, .ws_col = 100 }, got;
	pid_t pid;

	open_pty();
	pid = session(wait_for_signal);
	CHECK(!ioctl(master, TIOCSWINSZ, &ws));
	CHECK(!ioctl(slave, TIOCGWINSZ, &got) && got.ws_row == 30 && got.ws_col == 100);
	CHECK(end_of(pid) == SIGWINCH);
	close_pty();
}

static int sleep_long(void)
{
	sleep(120);
	return 0;
}

static void closing_the_master_ends_the_session(void)
{
	pid_t pid;

	open_pty();
	pid = session(sleep_long);
	close(master);
	CHECK(end_of(pid) == 200 + SIGHUP);
	close(slave);
}

static void interrupted_read_gives_eintr(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct itimerval often = { { 1, 0 }, { 1, 0 } }, never = { { 0, 0 }, { 0, 0 } };
	char c;

	open_pty();
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	CHECK(read(slave, &c, 1) < 0 && errno == EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	close_pty();
}

/* Else whoever is given a terminal could type to the shell that started him. */
static void only_root_types_for_others(void)
{
	int status = 0;
	pid_t pid;

	open_pty();
	CHECK(!ioctl(slave, TIOCSTI, "a") && !ioctl(slave, TIOCSTI, "\n") && reads(slave, "a\n"));
	pid = fork();
	if (pid == 0)
		_exit(setuid(1000) || ioctl(slave, TIOCSTI, "b") != -1 || errno != EPERM);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	close_pty();
}

static void small_devices(void)
{
	char buf[8] = "xxxxxxx";
	int fd = open("/dev/zero", O_RDWR);

	CHECK(read(fd, buf, 8) == 8 && !memcmp(buf, "\0\0\0\0\0\0\0\0", 8));
	close(fd);
	fd = open("/dev/null", O_RDWR);
	CHECK(read(fd, buf, 8) == 0 && write(fd, buf, 8) == 8);
	close(fd);
	fd = open("/dev/full", O_WRONLY);
	CHECK(write(fd, buf, 8) < 0 && errno == ENOSPC);
	close(fd);
	fd = open("/dev/urandom", O_RDONLY);
	CHECK(read(fd, buf, 8) == 8 && memcmp(buf, "\0\0\0\0\0\0\0\0", 8));
	close(fd);
}

static void many_ptys(void)
{
	int fds[64];

	for (int i = 0; i < 64; i++)
		CHECK((fds[i] = posix_openpt(O_RDWR | O_NOCTTY)) >= 0);
	for (int i = 0; i < 64; i++)
		close(fds[i]);
	open_pty();
	CHECK(!strcmp(name, "/dev/pts/0"));
	close_pty();
}

static void bulk_output_is_complete(void)
{
	char buf[4096];
	long got = 0;
	int status;
	pid_t pid;

	open_pty();
	set_raw(1, 0);
	pid = fork();
	if (!pid) {
		close(master);
		memset(buf, 'z', sizeof(buf));
		for (int i = 0; i < 100; i++)
			if (write(slave, buf, sizeof(buf)) != sizeof(buf))
				_exit(1);
		_exit(0);
	}
	close(slave);
	for (ssize_t n; (n = read(master, buf, sizeof(buf))) > 0; )
		got += n;
	CHECK(got == 409600);
	waitpid(pid, &status, 0);
	CHECK(!status);
	close(master);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(pty_passes_lines), T(pty_has_a_name), T(poll_tells_when_a_line_is_there),
		T(fionread_counts), T(nonblocking_read_does_not_wait), T(vmin_and_vtime),
		T(closing_the_master_hangs_up), T(closing_the_slave_ends_the_master),
		T(interrupt_reaches_the_foreground), T(dev_tty_is_the_sessions_terminal),
		T(background_read_stops_until_foreground), T(size_changes_are_signalled),
		T(closing_the_master_ends_the_session), T(interrupted_read_gives_eintr),
		T(only_root_types_for_others), T(small_devices), T(many_ptys), T(bulk_output_is_complete), { NULL, NULL },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGHUP, SIG_DFL);
	return run_tests(tests);
}
