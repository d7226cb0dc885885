/* SPDX-License-Identifier: MIT */
/* Keys of the terminal, and lending it to a pager or a shell. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "signals.h"
#include "terminal.h"
#include "util.h"

static struct termios before;
static int is_open;

static void
set_keys(void)
{
	struct termios t = before;

	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(0, TCSANOW, &t);
}

int
terminal_open(void)
{
	static int at_exit;

	if (is_open || !isatty(0) || !isatty(1) || tcgetattr(0, &before) < 0)
		return is_open;
	if (!at_exit)
		atexit(terminal_close);
	at_exit = is_open = 1;
	set_keys();
	return 1;
}

void
terminal_close(void)
{
	if (is_open)
		tcsetattr(0, TCSADRAIN, &before);
	is_open = 0;
}

int
terminal_fd(void)
{
	return is_open ? 0 : -1;
}

int
terminal_key(void)
{
	unsigned char key;

	return is_open && read(0, &key, 1) == 1 ? key : 0;
}

int
terminal_width(void)
{
	struct winsize ws;

	return ioctl(1, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1 ? ws.ws_col - 1 : 79;
}

int
terminal_lend(const char *dir, char *const argv[])
{
	int status;
	pid_t pid;

	terminal_close();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		signals_reset();
		if (dir && chdir(dir) < 0)
			_exit(126);
		execvp(argv[0], argv);
		_exit(127);
	}
	status = pid < 0 ? -1 : wait_status(pid);
	terminal_open();
	return status;
}
