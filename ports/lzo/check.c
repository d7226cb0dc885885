/* SPDX-License-Identifier: MIT */
/* The [test] of lzo: there and back, and a cut stream is refused. */
#include <lzo/lzo1x.h>
#include <string.h>

static unsigned char in[65536], packed[80000], out[65536], work[LZO1X_1_MEM_COMPRESS];

int
main(void)
{
	lzo_uint n, m = sizeof(out), i;

	for (i = 0; i < sizeof(in); i++)
		in[i] = i / 7 % 251;
	if (lzo_init() || lzo1x_1_compress(in, sizeof(in), packed, &n, work) || n > sizeof(in) / 2)
		return 1;
	if (lzo1x_decompress_safe(packed, n, out, &m, NULL) || m != sizeof(in) || memcmp(in, out, m))
		return 2;
	return lzo1x_decompress_safe(packed, n / 2, out, &m, NULL) ? 0 : 3;
}
