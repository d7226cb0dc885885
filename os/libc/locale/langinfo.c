/* SPDX-License-Identifier: MIT */
/* nl_langinfo. */
#include <langinfo.h>
#include "locale_impl.h"

/* In the order of the constants from ABDAY_1 on. */
static const char *const time_texts[] = {
	"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December",
	"AM", "PM", "%a %b %e %H:%M:%S %Y", "%m/%d/%y", "%H:%M:%S", "%I:%M:%S %p",
};

char *nl_langinfo_l(nl_item item, locale_t l)
{
	const char *s = "";
	unsigned i = item - ABDAY_1;
	if (item >= ALTMON_1 && item <= ALTMON_12)
		i = item - ALTMON_1 + MON_1 - ABDAY_1;
	else if (item >= ABALTMON_1 && item <= ABALTMON_12)
		i = item - ABALTMON_1 + ABMON_1 - ABDAY_1;
	if (i < sizeof(time_texts) / sizeof(*time_texts))
		s = time_texts[i];
	else if (item == CODESET)
		s = (l == LC_GLOBAL_LOCALE ? &__global_locale : l)->utf8 ? "UTF-8" : "ANSI_X3.4-1968";
	else if (item == RADIXCHAR)
		s = ".";
	else if (item == CRNCYSTR)
		s = "-";
	else if (item == YESEXPR)
		s = "^[yY]";
	else if (item == NOEXPR)
		s = "^[nN]";
	return (char *)s;
}

char *nl_langinfo(nl_item item)
{
	return nl_langinfo_l(item, (locale_t)__cur_locale());
}
