/* SPDX-License-Identifier: MIT */
/* libplug: loaded at run time; thread-local data of its own, calls into the program. */
static __thread int plug_tls = 1000;
static __thread long zeros[64];

int from_program(int n);

int plug(int n)
{
	zeros[n & 63] += n;
	return from_program(n) + plug_tls++ + (int)zeros[n & 63];
}

int *plug_address(void)
{
	return &plug_tls;
}
