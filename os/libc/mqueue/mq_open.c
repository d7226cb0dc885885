/* SPDX-License-Identifier: MIT */
/* mq_open.c: message queues by name; their attributes. */
#include <errno.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>
#include <string.h>
#include "../internal/plat.h"
#include "../internal/ret.h"

/* The name behind its slash, or NULL with errno set. */
static const char *plain(const char *name)
{
	int err = 0;

	if (*name == '/')
		name++;
	if (!*name)
		err = EINVAL;
	else if (strchr(name, '/'))
		err = EACCES;
	else if (strlen(name) > NAME_MAX)
		err = ENAMETOOLONG;
	errno = err ? err : errno;
	return err ? NULL : name;
}

mqd_t mq_open(const char *name, int flags, ...)
{
	const struct mq_attr *attr = NULL;
	unsigned mode = 0;
	va_list ap;

	name = plain(name);
	if (!name)
		return -1;
	va_start(ap, flags);
	if (flags & O_CREAT) {
		mode = va_arg(ap, mode_t);
		attr = va_arg(ap, const struct mq_attr *);
	}
	va_end(ap);
	return __ret(plat_mq_open(name, flags, mode, attr));
}

int mq_close(mqd_t q)
{
	return __ret(plat_close(q));
}

int mq_unlink(const char *name)
{
	name = plain(name);
	if (name)
		return __ret(plat_mq_unlink(name));
	if (errno == EINVAL)
		errno = ENOENT;
	return -1;
}

int mq_getattr(mqd_t q, struct mq_attr *attr)
{
	return __ret(plat_mq_getsetattr(q, NULL, attr));
}

int mq_setattr(mqd_t q, const struct mq_attr *restrict new, struct mq_attr *restrict old)
{
	return __ret(plat_mq_getsetattr(q, new, old));
}
