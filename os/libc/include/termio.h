/* SPDX-License-Identifier: MIT */
/* termio.h: the old name of termios.h. */
#ifndef _TERMIO_H
#define _TERMIO_H

#include <features.h>
#include <termios.h>
#include <sys/ioctl.h>

#endif
