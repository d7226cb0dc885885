/* SPDX-License-Identifier: MIT */
/* The program that the process tests run: it ends at once. */
int
main(void)
{
	return 0;
}
