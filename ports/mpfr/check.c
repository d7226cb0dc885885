/* SPDX-License-Identifier: MIT */
/* Prints pi to fifty digits. */
#include <stdio.h>

#include <mpfr.h>

int
main(void)
{
	mpfr_t pi;

	mpfr_init2(pi, 200);
	mpfr_const_pi(pi, MPFR_RNDN);
	mpfr_printf("%.50Rf\n", pi);
	mpfr_clear(pi);
	return 0;
}
