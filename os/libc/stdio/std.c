/* SPDX-License-Identifier: MIT */
/* stdin, stdout, stderr. */
#include "stdio_impl.h"
#undef stdin
#undef stdout
#undef stderr

static unsigned char in_buf[UNGET + BUFSIZ], out_buf[UNGET + BUFSIZ], err_buf[UNGET + 8];

#define STD(n, how, b, len) { \
	.flags = F_STATIC | how, .fd = n, .buf = b + UNGET, .rpos = b + UNGET, .rend = b + UNGET, \
	.size = len, .read = __fd_read, .write = __fd_write, .seek = __fd_seek, .close = __fd_close }

FILE __stdin = STD(0, F_READ, in_buf, BUFSIZ);
FILE __stdout = STD(1, F_WRITE | F_TTYCHECK, out_buf, BUFSIZ);
FILE __stderr = STD(2, F_WRITE | F_NOBUF, err_buf, 8);
FILE *const stdin = &__stdin;
FILE *const stdout = &__stdout;
FILE *const stderr = &__stderr;
