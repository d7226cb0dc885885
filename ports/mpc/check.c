/* SPDX-License-Identifier: MIT */
/* Prints (1 + i) to the power of 4, which is real. */
#include <stdio.h>

#include <mpc.h>

int
main(void)
{
	mpc_t z;

	mpc_init2(z, 100);
	mpc_set_ui_ui(z, 1, 1, MPC_RNDNN);
	mpc_pow_ui(z, z, 4, MPC_RNDNN);
	printf("%.0f\n", mpfr_get_d(mpc_realref(z), MPFR_RNDN));
	return !mpfr_zero_p(mpc_imagref(z));
}
