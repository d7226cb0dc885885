/* SPDX-License-Identifier: MIT */
/*
 * Jails: a process that is confined (P_CONFINE) and what it starts see, signal and debug each other only. A
 * jail made inside another is part of it. Nobody leaves one.
 */
#include <errno.h>
#include <stdlib.h>
#include "procd.h"

struct jail {
	struct jail *up;
	uint32_t refs;			/* processes, and jails inside */
};

struct jail *jail_ref(struct jail *j)
{
	if (j)
		j->refs++;
	return j;
}

void jail_put(struct jail *j)
{
	while (j && --j->refs == 0) {
		struct jail *up = j->up;

		free(j);
		j = up;
	}
}

int jail_enter(struct proc *p)
{
	struct jail *j = malloc(sizeof(*j));

	if (!j)
		return -ENOMEM;
	*j = (struct jail){ p->jail, 1 };	/* its reference goes to the jail inside */
	p->jail = j;
	return 0;
}

int jail_sees(const struct proc *from, const struct proc *to)
{
	const struct jail *j = to->jail;

	while (j && j != from->jail)
		j = j->up;
	return j == from->jail;
}
