/* SPDX-License-Identifier: MIT */
/* assert.h: a check that ends the program; may be included again with another NDEBUG. */
#include <features.h>

#undef assert
#ifdef NDEBUG
#define assert(x) ((void)0)
#else
#define assert(x) ((void)((x) || (__assert_fail(#x, __FILE__, __LINE__, __func__), 0)))
#endif

#if __VISIBLE_C11 && !defined(__cplusplus) && (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L)
#undef static_assert
#define static_assert _Static_assert
#endif

__BEGIN_DECLS
void __assert_fail(const char *, const char *, int, const char *) __dead;
__END_DECLS
