/* SPDX-License-Identifier: MIT */
/* The terminal that cook runs on: single keys from it, and programs that have it for a while. */
#ifndef COOK_TERMINAL_H
#define COOK_TERMINAL_H

/* Keys come one by one and unseen from here on, when input and output are a terminal: 1 or 0. */
int terminal_open(void);
void terminal_close(void);		/* as it was before; also at exit */
int terminal_fd(void);			/* readable when a key is there; -1 when it is not open */
int terminal_key(void);			/* one key, or 0 */
int terminal_width(void);		/* of a line, without the last column; 79 when unknown */

/* Gives it to a program in a folder and waits: its exit status, or -1. */
int terminal_lend(const char *dir, char *const argv[]);

#endif
