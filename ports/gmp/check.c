/* SPDX-License-Identifier: MIT */
/* Prints the factorial of 50. */
#include <gmp.h>

int
main(void)
{
	mpz_t n;

	mpz_init(n);
	mpz_fac_ui(n, 50);
	gmp_printf("%Zd\n", n);
	mpz_clear(n);
	return 0;
}
