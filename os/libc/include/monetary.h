/* SPDX-License-Identifier: MIT */
/* monetary.h: money as text. */
#ifndef _MONETARY_H
#define _MONETARY_H

#include <features.h>

#define __NEED_locale_t
#define __NEED_size_t
#define __NEED_ssize_t
#include <bits/alltypes.h>

__BEGIN_DECLS

ssize_t strfmon(char *__restrict, size_t, const char *__restrict, ...);
ssize_t strfmon_l(char *__restrict, size_t, locale_t, const char *__restrict, ...);

__END_DECLS

#endif
