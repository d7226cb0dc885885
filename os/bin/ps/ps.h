/* SPDX-License-Identifier: MIT */
/* ps: what is known of a process, which ones are chosen, and the columns that are printed. */
#ifndef PS_H
#define PS_H

#include <stdint.h>
#include "../../lib/srv.h"

struct row {
	struct proc_info info;
	uint32_t pid, ppid, pgid, sid, uid, gid, state, tty;
};

/* 0, or -errno: it has ended meanwhile. */
int row_get(uint32_t pid, struct row *r);
/* What the process was started with, blanks between its arguments; the empty text when nobody knows. */
const char *row_args(uint32_t pid);
/* "ttyS0", "pts/3"; "?" for none. The text lasts until the next call. */
const char *tty_name(uint32_t tty);

/* Choosing: a process is printed when one of the rules holds; without any, those of the caller's user and terminal. */
enum what { BY_PID, BY_SESSION, BY_USER, BY_GROUP, BY_TTY, NWHAT };
/* Adds the items of a list (blanks or commas between them); ends the program when one is wrong. */
void choose(enum what what, const char *list);
void choose_letter(int letter);		/* A (or e), a, d */
int chosen(const struct row *r, const struct row *self);

/* Columns: ends the program when a name is not known. */
void columns_add(const char *format);	/* -o: "pid,user=WHO,args" */
void print_header(void);
void print_row(const struct row *r);

#endif
