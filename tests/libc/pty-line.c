/* SPDX-License-Identifier: MIT */
/* A pseudo terminal: lines, raw mode, window size, its name, a session on it. */
#include <assert.h>
#include <errno.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	struct winsize ws = { .ws_row = 25, .ws_col = 81 }, got;
	struct termios t;
	char name[64], buf[256] = "";
	int m, s, n = 0, status;
	pid_t pid;

	if (openpty(&m, &s, name, 0, &ws))
		return errno == ENOENT ? 0 : 1;	/* a sandbox without /dev/ptmx */
	assert(isatty(s) && ttyname(s) && !strcmp(ttyname(s), name) && !strcmp(ptsname(m), name));
	assert(ioctl(s, TIOCGWINSZ, &got) == 0 && got.ws_col == 81);
	assert(write(m, "line\n", 5) == 5 && read(s, buf, sizeof(buf)) == 5);
	assert(tcgetattr(s, &t) == 0 && t.c_lflag & ICANON);
	cfmakeraw(&t);
	assert(tcsetattr(s, TCSANOW, &t) == 0 && write(m, "x", 1) == 1 && read(s, buf, sizeof(buf)) == 1);
	close(m);
	close(s);
	assert(!isatty(m) && errno == EBADF);
	pid = forkpty(&m, 0, 0, 0);
	if (pid == 0) {
		printf("%d %d\n", getsid(0) == getpid(), tcgetpgrp(0) == getpid());
		exit(4);
	}
	while (n < 5) {
		ssize_t r = read(m, buf + n, sizeof(buf) - n);
		assert(r > 0);
		n += r;
	}
	assert(!memcmp(buf, "1 1\r\n", 5) && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 4);
	return 0;
}
