/* SPDX-License-Identifier: MIT */
/* tcgetattr.c: terminals. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "../internal/cancel.h"
#include "../internal/ret.h"
#include "../internal/plat.h"

int tcgetattr(int fd, struct termios *t)
{
	return __ret(plat_ioctl(fd, TCGETS, t));
}

int tcgetwinsize(int fd, struct winsize *ws)
{
	return __ret(plat_ioctl(fd, TIOCGWINSZ, ws));
}

int tcsetwinsize(int fd, const struct winsize *ws)
{
	return __ret(plat_ioctl(fd, TIOCSWINSZ, (void *)ws));
}

int tcsendbreak(int fd, int duration)
{
	return __ret(((void)duration, plat_ioctl(fd, TCSBRK, 0)));
}

int tcdrain(int fd)
{
	int old = __cp_enter();

	return __cp_leave(old, plat_ioctl(fd, TCSBRK, (void *)1));
}

int tcflush(int fd, int queue)
{
	return __ret(plat_ioctl(fd, TCFLSH, (void *)(long)queue));
}

int tcflow(int fd, int action)
{
	return __ret(plat_ioctl(fd, TCXONC, (void *)(long)action));
}

int tcsetattr(int fd, int when, const struct termios *t)
{
	if ((unsigned)when > TCSAFLUSH)
		return __ret(-EINVAL);
	return __ret(plat_ioctl(fd, TCSETS + when, (void *)t));
}

pid_t tcgetsid(int fd)
{
	int sid = 0, r = plat_ioctl(fd, TIOCGSID, &sid);

	return r < 0 ? __ret(r) : sid;
}

pid_t tcgetpgrp(int fd)
{
	int pgrp = 0, r = plat_ioctl(fd, TIOCGPGRP, &pgrp);

	return r < 0 ? __ret(r) : pgrp;
}

int tcsetpgrp(int fd, pid_t pgrp)
{
	int p = pgrp;

	return __ret(plat_ioctl(fd, TIOCSPGRP, &p));
}

speed_t cfgetospeed(const struct termios *t)
{
	return t->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *t)
{
	return cfgetospeed(t);
}

int cfsetospeed(struct termios *t, speed_t speed)
{
	if (speed & ~CBAUD)
		return __ret(-EINVAL);
	t->c_cflag = (t->c_cflag & ~CBAUD) | speed;
	t->c_ospeed = t->c_ispeed = speed;
	return 0;
}

int cfsetispeed(struct termios *t, speed_t speed)
{
	return speed ? cfsetospeed(t, speed) : 0;
}

int cfsetspeed(struct termios *t, speed_t speed)
{
	return cfsetospeed(t, speed);
}

void cfmakeraw(struct termios *t)
{
	t->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t->c_oflag &= ~OPOST;
	t->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t->c_cflag &= ~(CSIZE | PARENB);
	t->c_cflag |= CS8;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}
