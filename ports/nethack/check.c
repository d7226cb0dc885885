/* SPDX-License-Identifier: MIT */
/* A game on a terminal of its own: it begins, shows the hero, and is given up. */
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char seen[1 << 16];
static size_t len;

/* Reads what the game shows until the text is there, or nothing more comes for so many milliseconds. */
static int until(int fd, const char *text, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (!memmem(seen, len, text, strlen(text))) {
		ssize_t n;

		if (poll(&p, 1, ms) <= 0 || len == sizeof(seen))
			return 0;
		n = read(fd, seen + len, sizeof(seen) - len);
		if (n <= 0)
			return 0;
		len += (size_t)n;
	}
	len = 0;
	return 1;
}

/* A message that waits for a key may swallow what is typed: asked again. */
static int ask_to_quit(int fd)
{
	for (int i = 0; i < 20; i++)
		if (write(fd, "\033\033#quit\n", 8) == 8 && until(fd, "Really quit", 1500))
			return 1;
	return 0;
}

static void play(void)
{
	setenv("TERM", "xterm", 1);
	setenv("NETHACKOPTIONS", "name:calx,role:Valkyrie,race:human,gender:female,align:neutral,"
	       "!legacy,!splash_screen,pettype:none", 1);
	execlp("nethack", "nethack", (char *)NULL);
	_exit(127);
}

int main(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int fd, status = 0;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);

	if (pid == 0)
		play();
	if (!until(fd, "Dlvl:1", 60000))
		return 1;
	/* #quit: "Really quit?", then several questions and pages */
	if (!ask_to_quit(fd))
		return 2;
	for (int i = 0; i < 20 && waitpid(pid, &status, WNOHANG) == 0; i++) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (write(fd, i ? "q\n" : "y", i ? 2 : 1) < 0)
			break;
		while (poll(&p, 1, 300) > 0 && read(fd, seen, sizeof(seen)) > 0)
			;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 3;
}
