/* SPDX-License-Identifier: MIT */
/* getpass.c: getpass, getlogin, vhangup, issetugid, acct. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

#include "../internal/libc.h"

char *getpass(const char *prompt)
{
	static char password[128];
	struct termios old, t;
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	tcgetattr(fd, &old);
	t = old;
	t.c_lflag &= ~(ECHO | ISIG);
	t.c_lflag |= ICANON;
	t.c_iflag &= ~(INLCR | IGNCR);
	t.c_iflag |= ICRNL;
	tcsetattr(fd, TCSAFLUSH, &t);
	tcdrain(fd);
	dprintf(fd, "%s", prompt);
	n = read(fd, password, sizeof(password));
	if (n > 0 && (password[n - 1] == '\n' || n == sizeof(password)))
		n--;
	if (n >= 0)
		password[n] = 0;
	tcsetattr(fd, TCSAFLUSH, &old);
	dprintf(fd, "\n");
	close(fd);
	return n < 0 ? 0 : password;
}

int getlogin_r(char *buf, size_t len)
{
	char *name = getlogin();

	if (!name)
		return ENXIO;
	return strlcpy(buf, name, len) >= len ? ERANGE : 0;
}

char *getlogin(void)
{
	char *name = getenv("LOGNAME");
	struct passwd *pw;

	if (name && *name)
		return name;
	pw = getpwuid(getuid());
	return pw ? pw->pw_name : 0;
}

int issetugid(void)
{
	return __libc.secure;
}

int acct(const char *path)
{
	(void)path;
	return __ret(-ENOSYS);
}
