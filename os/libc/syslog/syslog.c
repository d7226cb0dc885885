/* SPDX-License-Identifier: MIT */
/* syslog.c: syslog: datagrams to /dev/log, or lines to the console. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include "../internal/plat.h"

#include "../internal/libc.h"
#include "../internal/lock.h"

static struct lock log_lock;
static char ident[64];
static int options, facility = LOG_USER, mask = 0xff, log_fd = -1;

int setlogmask(int new)
{
	int old = mask;

	if (new)
		mask = new;
	return old;
}

static void connect_log(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };

	log_fd = plat_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log_fd >= 0 && plat_connect(log_fd, &sun, sizeof(sun)) < 0) {
		plat_close(log_fd);
		log_fd = -1;
	}
}

void openlog(const char *name, int opt, int fac)
{
	lock(&log_lock);
	strlcpy(ident, name ? name : __progname, sizeof(ident));
	options = opt;
	facility = fac ? fac : LOG_USER;
	if (opt & LOG_NDELAY && log_fd < 0)
		connect_log();
	unlock(&log_lock);
}

void closelog(void)
{
	lock(&log_lock);
	if (log_fd >= 0)
		plat_close(log_fd);
	log_fd = -1;
	unlock(&log_lock);
}

static void to_console(const char *line, size_t len)
{
	int fd = plat_openat(AT_FDCWD, "/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC, 0);

	if (fd >= 0) {
		plat_write(fd, line, len);
		plat_close(fd);
	}
}

void vsyslog(int prio, const char *fmt, va_list ap)
{
	char line[1024], when[32];
	int err = errno, head, skip = 0, n;
	struct tm tm;
	time_t now;

	if (!(mask & LOG_MASK(prio & LOG_PRIMASK)) || prio & ~0x3ff)
		return;
	now = time(0);
	strftime(when, sizeof(when), "%b %e %T", gmtime_r(&now, &tm));
	lock(&log_lock);
	if (!(prio & LOG_FACMASK))
		prio |= facility;
	head = snprintf(line, sizeof(line), "<%d>%s %n%s", prio, when, &skip, *ident ? ident : __progname);
	head += options & LOG_PID ? snprintf(line + head, sizeof(line) - head, "[%d]: ", plat_getpid())
		: snprintf(line + head, sizeof(line) - head, ": ");
	errno = err;
	n = vsnprintf(line + head, sizeof(line) - head - 1, fmt, ap);
	n = n < 0 ? head : n + head < (int)sizeof(line) - 1 ? n + head : (int)sizeof(line) - 2;
	if (log_fd < 0)
		connect_log();
	if (log_fd >= 0 && plat_sendto(log_fd, line, n, MSG_NOSIGNAL, 0, 0) < 0) {
		plat_close(log_fd);
		log_fd = -1;
	}
	if (n && line[n - 1] != '\n')
		line[n++] = '\n';
	if (log_fd < 0 && options & LOG_CONS)
		to_console(line + skip, n - skip);
	if (options & LOG_PERROR)
		plat_write(2, line + skip, n - skip);
	unlock(&log_lock);
	errno = err;
}

void syslog(int prio, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsyslog(prio, fmt, ap);
	va_end(ap);
}
