/* SPDX-License-Identifier: MIT */
/* What MB_CUR_MAX asks. */
#include <stdlib.h>
#include "locale_impl.h"

size_t __ctype_get_mb_cur_max(void)
{
	return __is_utf8() ? 4 : 1;
}
