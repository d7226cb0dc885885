/* SPDX-License-Identifier: MIT */
/* pty.h: pairs of a terminal and its master. */
#ifndef _PTY_H
#define _PTY_H

#include <features.h>

#define __NEED_struct_winsize
#include <bits/alltypes.h>

#include <termios.h>
#include <sys/ioctl.h>

__BEGIN_DECLS

int openpty(int *, int *, char *, const struct termios *, const struct winsize *);
int forkpty(int *, char *, const struct termios *, const struct winsize *);

__END_DECLS

#endif
