/* SPDX-License-Identifier: MIT */
/* ptyd: serves /dev. Driver's terminals exist from the start so that programs can open them early. */
#include <errno.h>
#include "ptyd.h"

static int64_t attach(struct srv_req *r)
{
	char name[64];
	int64_t n = srv_text(r, name, sizeof(name));

	if (CRED_UID(r->m.cred))
		return -EPERM;
	return n < 0 ? n : attach_driver(r, name);
}

static int64_t call(struct srv *s, struct srv_req *r)
{
	struct open *o = open_find(r->m.id);

	(void)s;
	if (!o)
		return -EBADF;
	switch (r->m.w[0]) {
	case F_READ:
		return rw_read(o, r);
	case F_WRITE:
		return rw_write(o, r);
	case F_IOCTL:
		return tty_ioctl(o, r);
	case T_ATTACH:
	case T_RESIZE:
		return attach(r);
	}
	return tree_call(o, r);
}

/* A client that was killed may leave a held request behind. */
static void drop_pends(struct open *o)
{
	for (struct pend *p = o->tty ? o->tty->pends : NULL; p; p = p->next) {
		if (p->open != o || p->gone)
			continue;
		p->gone = 1;
		srv_timer_set(&ptyd, &p->timer, 0);
		srv_reply(p->token, -EIO);
	}
}

static void closed(struct srv *s, uint64_t id)
{
	struct open *o = open_find(id);
	struct tty *t = o ? o->tty : NULL;
	enum node node;

	(void)s;
	if (!o || o->id == 1)
		return;
	node = o->node;
	drop_pends(o);
	open_free(o);
	if (!t)
		return;
	if (!t->opens)
		t->exclusive = 0;
	if (node == D_PTMX) {
		pty_master_closed(t);
		return;
	}
	tty_update(t);
	tty_free_if_unused(t);
}

static void cancel(struct srv *s, uint64_t token)
{
	(void)s;
	tty_cancel(token);
}

struct srv ptyd = { .call = call, .close = closed, .cancel = cancel };

int main(void)
{
	struct open *root;
	int64_t err;

	if (srv_init(&ptyd))
		srv_die("no port");
	session_init();
	if (!tty_new("tty0") || !tty_new("ttyS0"))
		srv_die("out of memory");
	root = open_new(D_ROOT, NULL, 0, EV_IN);
	if (!root)
		srv_die("no root file");
	err = srv_register("/dev", root->h);
	if (err < 0)
		srv_die("not registered: error %d", (int)-err);
	srv_run(&ptyd);
	return 1;
}
