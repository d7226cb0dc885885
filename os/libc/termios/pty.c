/* SPDX-License-Identifier: MIT */
/* pty.c: pseudo terminals. */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int posix_openpt(int flags)
{
	unsigned num;

	return __ret(plat_ptmx(flags, &num));
}

int grantpt(int fd)
{
	(void)fd;
	return 0;
}

int unlockpt(int fd)
{
	int off = 0;

	return __ret(plat_ioctl(fd, TIOCSPTLCK, &off));
}

int ptsname_r(int fd, char *buf, size_t len)
{
	unsigned num;
	int r = plat_ioctl(fd, TIOCGPTN, &num);

	if (r < 0)
		return -r;
	return (size_t)snprintf(buf, len, "/dev/pts/%u", num) >= len ? ERANGE : 0;
}

char *ptsname(int fd)
{
	static char name[32];
	int err = ptsname_r(fd, name, sizeof(name));

	if (err) {
		errno = err;
		return 0;
	}
	return name;
}

int openpty(int *master, int *slave, char *name, const struct termios *t, const struct winsize *ws)
{
	unsigned num;
	char path[32];
	int off = 0, m, s;

	m = plat_ptmx(O_RDWR, &num);
	if (m < 0)
		return __ret(m);
	plat_ioctl(m, TIOCSPTLCK, &off);
	snprintf(path, sizeof(path), "/dev/pts/%u", num);
	s = plat_openat(AT_FDCWD, path, O_RDWR | O_NOCTTY, 0);
	if (s < 0) {
		plat_close(m);
		return __ret(s);
	}
	if (name)
		strcpy(name, path);
	if (t)
		tcsetattr(s, TCSANOW, t);
	if (ws)
		plat_ioctl(s, TIOCSWINSZ, (void *)ws);
	*master = m;
	*slave = s;
	return 0;
}

int login_tty(int fd)
{
	setsid();
	if (plat_ioctl(fd, TIOCSCTTY, 0) < 0)
		return __ret(-ENOTTY);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		plat_close(fd);
	return 0;
}

int forkpty(int *master, char *name, const struct termios *t, const struct winsize *ws)
{
	int m, s, pid;

	if (openpty(&m, &s, name, t, ws))
		return -1;
	pid = fork();
	if (pid == 0) {
		plat_close(m);
		if (login_tty(s))
			_exit(127);
		return 0;
	}
	plat_close(s);
	if (pid < 0)
		plat_close(m);
	else
		*master = m;
	return pid;
}
