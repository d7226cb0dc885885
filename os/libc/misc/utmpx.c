/* SPDX-License-Identifier: MIT */
/*
 * The records of who is logged in: a file of struct utmpx, /run/utmp, and the history that login and
 * logwtmp append to. Writers lock the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <utmp.h>
#include <utmpx.h>

#define FILE_ "/run/utmp"

static char path[PATH_MAX] = FILE_;
static int fd = -1;
static struct utmpx record;

int utmpxname(const char *file)
{
	endutxent();
	if (strlcpy(path, file, sizeof(path)) < sizeof(path))
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int open_file(void)
{
	if (fd < 0 && (fd = open(path, O_RDWR | O_CLOEXEC)) < 0 && errno == EACCES)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd;
}

void setutxent(void)
{
	if (open_file() >= 0)
		lseek(fd, 0, SEEK_SET);
}

void endutxent(void)
{
	if (fd >= 0)
		close(fd);
	fd = -1;
}

struct utmpx *getutxent(void)
{
	if (open_file() < 0 || read(fd, &record, sizeof(record)) != sizeof(record))
		return NULL;
	return &record;
}

static int is_process(int type)
{
	return type >= INIT_PROCESS && type <= DEAD_PROCESS;
}

static int matches(const struct utmpx *a, const struct utmpx *b)
{
	if (is_process(b->ut_type))
		return is_process(a->ut_type) && !memcmp(a->ut_id, b->ut_id, sizeof(a->ut_id));
	return a->ut_type == b->ut_type;
}

struct utmpx *getutxid(const struct utmpx *u)
{
	struct utmpx *r;

	while ((r = getutxent()) && !matches(r, u))
		;
	return r;
}

struct utmpx *getutxline(const struct utmpx *u)
{
	struct utmpx *r;

	while ((r = getutxent()))
		if ((r->ut_type == LOGIN_PROCESS || r->ut_type == USER_PROCESS)
				&& !strncmp(r->ut_line, u->ut_line, sizeof(r->ut_line)))
			break;
	return r;
}

/* Over the record that it replaces, or at the end. */
static int store(const struct utmpx *u)
{
	struct flock lock = { .l_type = F_WRLCK };
	struct utmpx was;
	off_t at = 0;
	int ok;

	if (open_file() < 0 || fcntl(fd, F_SETLKW, &lock))
		return -1;
	while (pread(fd, &was, sizeof(was), at) == sizeof(was) && !matches(&was, u))
		at += sizeof(was);
	ok = pwrite(fd, u, sizeof(*u), at) == sizeof(*u);
	lock.l_type = F_UNLCK;
	fcntl(fd, F_SETLK, &lock);
	return ok ? 0 : -1;
}

struct utmpx *pututxline(const struct utmpx *u)
{
	struct utmpx copy = *u;		/* it may be the record that we gave out */

	if (store(&copy))
		return NULL;
	record = copy;
	return &record;
}

void updwtmpx(const char *file, const struct utmpx *u)
{
	int h = open(file, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (h < 0)
		return;
	if (write(h, u, sizeof(*u)) < 0)
		errno = EIO;
	close(h);
}

#define ALIAS(new, old) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))
ALIAS(setutent, setutxent);
ALIAS(endutent, endutxent);
ALIAS(getutent, getutxent);
ALIAS(getutid, getutxid);
ALIAS(getutline, getutxline);
ALIAS(pututline, pututxline);
ALIAS(updwtmp, updwtmpx);
ALIAS(utmpname, utmpxname);
