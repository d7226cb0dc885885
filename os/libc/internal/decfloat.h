/* SPDX-License-Identifier: MIT */
/* Exact decimal digits of floating numbers. */
#ifndef INTERNAL_DECFLOAT_H
#define INTERNAL_DECFLOAT_H

#include <stddef.h>
#include "hidden.h"

/* Bytes of memory that __dec_digits needs for v, at most about 23000. */
hidden size_t __dec_bound(long double v);
/*
 * All significant decimal digits ('0'..'9') of the finite v > 0, exactly, without zeros at either end,
 * into buf; returns how many. The first digit stands for 10^*exp.
 */
hidden int __dec_digits(long double v, char *buf, int *exp);
/*
 * Rounds n digits to at most keep (which may be 0 or negative) in the current rounding mode; buf needs
 * one byte before it for no carry: a carry out of the first digit makes "1" and raises *exp.
 */
hidden int __dec_round(char *buf, int n, long keep, int *exp, int negative);

#endif
