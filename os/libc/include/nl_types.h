/* SPDX-License-Identifier: MIT */
/* nl_types.h: message catalogues. */
#ifndef _NL_TYPES_H
#define _NL_TYPES_H

#include <features.h>

#define __NEED_nl_item
#include <bits/alltypes.h>

__BEGIN_DECLS

#define NL_SETD 1
#define NL_CAT_LOCALE 1

typedef void *nl_catd;

nl_catd catopen(const char *, int);
char *catgets(nl_catd, int, int, const char *);
int catclose(nl_catd);

__END_DECLS

#endif
