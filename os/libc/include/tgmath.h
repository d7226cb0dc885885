/* SPDX-License-Identifier: MIT */
/* tgmath.h: one name for the functions of every floating type, by _Generic. Integers count as
 * double; a complex argument picks the complex function where there is one. */
#ifndef _TGMATH_H
#define _TGMATH_H

#include <math.h>
#include <complex.h>

/* A value of the type that an argument counts as; the sum of two decides for both. */
#define __tg_as(x) _Generic((x), float: 0.0f, long double: 0.0L, float _Complex: 0.0fi, \
	double _Complex: 0.0i, long double _Complex: 0.0Li, default: 0.0)
#define __tg_sum(x, y) (__tg_as(x) + __tg_as(y))
#define __tg_r(n, k) _Generic((k), float: n##f, long double: n##l, default: n)
#define __tg_c(n, c, k) _Generic((k), \
	float: n##f, long double: n##l, float _Complex: c##f, double _Complex: c, \
	long double _Complex: c##l, default: n)
#define __tg_o(c, k) _Generic((k), \
	float: c##f, long double: c##l, float _Complex: c##f, long double _Complex: c##l, \
	default: c)

#define acos(x) __tg_c(acos, cacos, x)(x)
#define asin(x) __tg_c(asin, casin, x)(x)
#define atan(x) __tg_c(atan, catan, x)(x)
#define acosh(x) __tg_c(acosh, cacosh, x)(x)
#define asinh(x) __tg_c(asinh, casinh, x)(x)
#define atanh(x) __tg_c(atanh, catanh, x)(x)
#define cos(x) __tg_c(cos, ccos, x)(x)
#define sin(x) __tg_c(sin, csin, x)(x)
#define tan(x) __tg_c(tan, ctan, x)(x)
#define cosh(x) __tg_c(cosh, ccosh, x)(x)
#define sinh(x) __tg_c(sinh, csinh, x)(x)
#define tanh(x) __tg_c(tanh, ctanh, x)(x)
#define exp(x) __tg_c(exp, cexp, x)(x)
#define log(x) __tg_c(log, clog, x)(x)
#define sqrt(x) __tg_c(sqrt, csqrt, x)(x)
#define fabs(x) __tg_c(fabs, cabs, x)(x)
#define pow(x, y) __tg_c(pow, cpow, __tg_sum(x, y))(x, y)
#define carg(x) __tg_o(carg, x)(x)
#define cimag(x) __tg_o(cimag, x)(x)
#define conj(x) __tg_o(conj, x)(x)
#define cproj(x) __tg_o(cproj, x)(x)
#define creal(x) __tg_o(creal, x)(x)
#define cbrt(x) __tg_r(cbrt, x)(x)
#define ceil(x) __tg_r(ceil, x)(x)
#define erf(x) __tg_r(erf, x)(x)
#define erfc(x) __tg_r(erfc, x)(x)
#define exp2(x) __tg_r(exp2, x)(x)
#define expm1(x) __tg_r(expm1, x)(x)
#define floor(x) __tg_r(floor, x)(x)
#define ilogb(x) __tg_r(ilogb, x)(x)
#define lgamma(x) __tg_r(lgamma, x)(x)
#define llrint(x) __tg_r(llrint, x)(x)
#define llround(x) __tg_r(llround, x)(x)
#define log10(x) __tg_r(log10, x)(x)
#define log1p(x) __tg_r(log1p, x)(x)
#define log2(x) __tg_r(log2, x)(x)
#define logb(x) __tg_r(logb, x)(x)
#define lrint(x) __tg_r(lrint, x)(x)
#define lround(x) __tg_r(lround, x)(x)
#define nearbyint(x) __tg_r(nearbyint, x)(x)
#define rint(x) __tg_r(rint, x)(x)
#define round(x) __tg_r(round, x)(x)
#define tgamma(x) __tg_r(tgamma, x)(x)
#define trunc(x) __tg_r(trunc, x)(x)
#define atan2(x, y) __tg_r(atan2, __tg_sum(x, y))(x, y)
#define copysign(x, y) __tg_r(copysign, __tg_sum(x, y))(x, y)
#define fdim(x, y) __tg_r(fdim, __tg_sum(x, y))(x, y)
#define fmax(x, y) __tg_r(fmax, __tg_sum(x, y))(x, y)
#define fmin(x, y) __tg_r(fmin, __tg_sum(x, y))(x, y)
#define fmod(x, y) __tg_r(fmod, __tg_sum(x, y))(x, y)
#define hypot(x, y) __tg_r(hypot, __tg_sum(x, y))(x, y)
#define nextafter(x, y) __tg_r(nextafter, __tg_sum(x, y))(x, y)
#define remainder(x, y) __tg_r(remainder, __tg_sum(x, y))(x, y)
#define frexp(x, y) __tg_r(frexp, x)(x, y)
#define ldexp(x, y) __tg_r(ldexp, x)(x, y)
#define scalbn(x, y) __tg_r(scalbn, x)(x, y)
#define scalbln(x, y) __tg_r(scalbln, x)(x, y)
#define nexttoward(x, y) __tg_r(nexttoward, x)(x, y)
#define fma(x, y, z) __tg_r(fma, __tg_sum(__tg_sum(x, y), z))(x, y, z)
#define remquo(x, y, z) __tg_r(remquo, __tg_sum(x, y))(x, y, z)

#endif
