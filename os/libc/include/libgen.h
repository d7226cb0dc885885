/* SPDX-License-Identifier: MIT */
/* libgen.h: parts of path names. */
#ifndef _LIBGEN_H
#define _LIBGEN_H

#include <features.h>

__BEGIN_DECLS

char *dirname(char *);
char *basename(char *);

__END_DECLS

#endif
