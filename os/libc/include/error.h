/* SPDX-License-Identifier: MIT */
/* error.h: GNU messages about errors. */
#ifndef _ERROR_H
#define _ERROR_H

#include <features.h>

__BEGIN_DECLS

void error(int, int, const char *, ...) __printf_like(3, 4);
void error_at_line(int, int, const char *, unsigned, const char *, ...) __printf_like(5, 6);

extern unsigned error_message_count;
extern int error_one_per_line;

extern void (*error_print_progname)(void);

__END_DECLS

#endif
