/* SPDX-License-Identifier: MIT */
/* Pseudo terminals: /dev/ptmx makes one, its slave is /dev/pts/N. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include "ptyd.h"

static int free_number(void)
{
	for (int n = 0; n < MAX_PTY; n++) {
		char name[24];

		snprintf(name, sizeof(name), "pts/%d", n);
		if (!tty_by_name(name))
			return n;
	}
	return -ENOSPC;
}

int64_t pty_open_master(struct srv_req *r, uint32_t flags)
{
	int n = free_number();
	struct tty *t;
	char name[24];
	int64_t h;

	if (n < 0)
		return n;
	snprintf(name, sizeof(name), "pts/%d", n);
	t = tty_new(name);
	if (!t)
		return -ENOMEM;
	t->is_pty = 1;
	t->pty_no = n;
	t->locked = 1;
	t->uid = CRED_UID(r->m.cred);
	t->gid = 5;			/* tty */
	t->master = open_new(D_PTMX, t, flags & (O_ACCMODE | O_NONBLOCK), EV_OUT);
	if (!t->master) {
		tty_free_if_unused(t);
		return -ENOMEM;
	}
	h = sys_handle_dup(t->master->h, H_HIGH, 0);
	if (h < 0)
		return h;
	srv_give(r, (handle_t)h);
	return 0;
}

void pty_master_closed(struct tty *t)
{
	t->master = NULL;
	ld_flush(&t->l, 1, 1);
	tty_hangup(t);
	tty_free_if_unused(t);
}
