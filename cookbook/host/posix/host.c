/* SPDX-License-Identifier: MIT */
/* A system of which nothing is known but POSIX: what it cannot do is left out. */
#include <errno.h>
#include <unistd.h>

#include "../../sandbox.h"
#include "../../util.h"
#include "../host.h"

void
host_die_with_parent(void)
{
}

void
host_yield(void)
{
}

int
host_clone(int out, int in)
{
	(void)out;
	(void)in;
	return -1;
}

char *
host_self(void)
{
	return NULL;
}

int
host_sandbox_check(void)
{
	return -ENOTSUP;
}

void
host_sandbox_enter(const struct sandbox *s, const char *script)
{
	(void)s;
	warn_("sandbox: this system has no namespaces for %s; --no-sandbox builds without them", script);
	_exit(126);
}
