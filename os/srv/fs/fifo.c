/* SPDX-License-Identifier: MIT */
/*
 * Fifos: a kernel pipe for as long as somebody has the fifo open. An open waits for the other side
 * unless O_NONBLOCK is set; who opens for both is on both sides and waits for nobody, as on Linux. When one side
 * has closed its last file the pipe has ended for the other one; who opens the fifo after that gets a new pipe.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "fsd.h"

enum { RD, WR };

struct pipe_wait {
	uint64_t token;
	int side;
	struct ofile *of;
	struct pipe_wait *next;
};

struct fifo {
	uint64_t ino;
	handle_t end[2];		/* [RD], [WR]; H_NONE once closed */
	uint32_t users[2];		/* open files */
	struct pipe_wait *waits;
	struct fifo *next;
};

static struct fifo *fifos;

/* Is of on this side? */
static bool on_side(const struct ofile *of, int side)
{
	uint32_t mode = of->flags & ACCMODE;

	return mode == O_RDWR || mode == (side == RD ? O_RDONLY : O_WRONLY);
}

/* The pipe of an inode that can still be opened, or NULL. */
static struct fifo *find(uint64_t ino)
{
	for (struct fifo *f = fifos; f; f = f->next)
		if (f->ino == ino && f->end[RD] != H_NONE && f->end[WR] != H_NONE)
			return f;
	return NULL;
}

static struct fifo *make(uint64_t ino)
{
	struct fifo *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	if (sys_pipe(f->end, 0) < 0) {
		free(f);
		return NULL;
	}
	f->ino = ino;
	f->next = fifos;
	fifos = f;
	return f;
}

static void close_end(struct fifo *f, int side)
{
	if (f->end[side] != H_NONE)
		sys_handle_close(f->end[side]);
	f->end[side] = H_NONE;
}

static void drop_unused(struct fifo *f)
{
	struct fifo **pp = &fifos;

	if (f->users[RD] || f->users[WR] || f->waits)
		return;
	close_end(f, RD);
	close_end(f, WR);
	while (*pp != f)
		pp = &(*pp)->next;
	*pp = f->next;
	free(f);
}

/* The file for a client; of then belongs to it. */
static int64_t attach(struct fifo *f, struct ofile *of)
{
	bool rd = on_side(of, RD), wr = on_side(of, WR);
	struct file_args a = { .id = (uint64_t)of, .rights = R_CALL | R_DUP | (rd ? R_READ : 0) | (wr ? R_WRITE : 0),
			       .fflags = of->flags & (ACCMODE | O_NONBLOCK), .plane = PLANE_CHAN,
			       .data = f->end[rd ? RD : WR], .flags = rd && wr ? FILE_BOTH : 0 };
	int64_t h = sys_file_create(fsd.srv.port, &a);

	if (h >= 0) {
		of->fifo = f;
		f->users[RD] += rd;
		f->users[WR] += wr;
	}
	return h;
}

/* Somebody came to the side that these wait for. */
static void wake(struct fifo *f, int side)
{
	struct pipe_wait **pp = &f->waits;

	while (*pp) {
		struct pipe_wait *w = *pp;
		int64_t h;

		if (w->side != side) {
			pp = &w->next;
			continue;
		}
		*pp = w->next;
		h = attach(f, w->of);
		if (h < 0)
			ofile_close(w->of);
		srv_reply_full(w->token, h < 0 ? h : 0, 0010000, 0, h < 0 ? H_NONE : (handle_t)h);
		free(w);
	}
}

static bool waited_for(const struct fifo *f, int side)
{
	for (const struct pipe_wait *w = f->waits; w; w = w->next)
		if (w->side == side)
			return true;
	return false;
}

static int64_t hold(struct srv_req *r, struct fifo *f, struct ofile *of, int side)
{
	struct pipe_wait *w = malloc(sizeof *w);

	if (!w)
		return -ENOMEM;
	*w = (struct pipe_wait){ r->m.token, side, of, f->waits };
	f->waits = w;
	return SRV_HELD;
}

/* Opens for reading or writing; takes over of, also on failure. */
int64_t fifo_open(struct srv_req *r, struct ofile *of)
{
	bool both = on_side(of, RD) && on_side(of, WR);
	int side = on_side(of, RD) ? RD : WR;
	struct fifo *f = find(of->ip->ino);
	int64_t h = -ENOMEM;

	if (f || (f = make(of->ip->ino)))
		h = 0;
	if (!h && !both && !f->users[!side] && !waited_for(f, !side)) {
		if (!(of->flags & O_NONBLOCK))
			h = hold(r, f, of, side);
		else if (side == WR)
			h = -ENXIO;
	}
	if (!h)
		h = attach(f, of);
	if (h == SRV_HELD)
		return h;
	if (h < 0) {
		ofile_close(of);
		if (f)
			drop_unused(f);
		return h;
	}
	wake(f, !side);
	if (both)
		wake(f, side);
	srv_give(r, (handle_t)h);
	r->m.w[1] = 0010000;
	return 0;
}

void fifo_closed(struct ofile *of)
{
	struct fifo *f = of->fifo;

	/* The last of a side: our own handle would keep the other side waiting. */
	for (int side = RD; side <= WR; side++)
		if (on_side(of, side) && !--f->users[side])
			close_end(f, side);
	drop_unused(f);
}

void fifo_cancel(uint64_t token)
{
	for (struct fifo *f = fifos; f; f = f->next)
		for (struct pipe_wait **pp = &f->waits; *pp; pp = &(*pp)->next) {
			struct pipe_wait *w = *pp;

			if (w->token != token)
				continue;
			*pp = w->next;
			ofile_close(w->of);
			free(w);
			srv_reply(token, -EINTR);
			drop_unused(f);
			return;
		}
}
