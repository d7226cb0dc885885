/* SPDX-License-Identifier: MIT */
/* Floating numbers print all their digits, correctly rounded. */
#include <assert.h>
#include <fenv.h>
#include <float.h>
#include <stdio.h>
#include <string.h>

static void is(const char *want, const char *fmt, double v)
{
	char s[2000];
	assert(snprintf(s, sizeof(s), fmt, v) == (int)strlen(want));
	assert(!strcmp(s, want));
}

int main(void)
{
	char s[20];
	is("0.1000000000000000055511151231257827021181583404541015625", "%.55f", 0.1);
	is("2", "%.0f", 2.5);
	is("4", "%.0f", 3.5);
	is("0", "%.0f", 0.5);
	is("1e+01", "%.0e", 9.5);
	is("4.94066e-324", "%g", 4.9406564584124654e-324);
	is("1.7976931348623157e+308", "%.17g", DBL_MAX);
	is("100000", "%g", 1e5);
	is("1e+06", "%g", 1e6);
	is("-0.000000", "%f", -0.0);
	is("     inf", "%08f", 1e999);
	is("0x1.8p+1", "%a", 3.0);
	is("0x2p+0", "%.0a", 1.75);
	assert(snprintf(s, sizeof(s), "%.30000f", 1.5) == 30002);
	fesetround(FE_UPWARD);
	is("0.2", "%.1f", 0.125);
	fesetround(FE_TOWARDZERO);
	is("0.1", "%.1f", 0.199);
	return 0;
}
