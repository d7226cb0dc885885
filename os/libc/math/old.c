/* SPDX-License-Identifier: MIT */
/* Old names in math.h. */
#include <math.h>

double gamma(double x)
{
	return lgamma(x);
}

int __isnan(double x)
{
	return __builtin_isnan(x);
}

int __isinf(double x)
{
	return __builtin_isinf_sign(x);
}
