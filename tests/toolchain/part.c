/* SPDX-License-Identifier: MIT */
/* A library of one function, for the build systems' tests. */
int part(void);

int part(void)
{
	return 7;
}
