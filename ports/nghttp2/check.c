/* SPDX-License-Identifier: MIT */
/* The [test] of nghttp2: headers packed by HPACK come out as they went in. */
#include <nghttp2/nghttp2.h>
#include <string.h>

int
main(void)
{
	nghttp2_nv in = { (uint8_t *)"x-name", (uint8_t *)"calx", 6, 4, 0 }, out;
	nghttp2_hd_deflater *d;
	nghttp2_hd_inflater *i;
	uint8_t buf[64];
	int flags = 0;
	ssize_t n;

	if (nghttp2_hd_deflate_new(&d, 4096) || nghttp2_hd_inflate_new(&i))
		return 1;
	n = nghttp2_hd_deflate_hd(d, buf, sizeof(buf), &in, 1);
	if (n <= 0 || n > 14 || nghttp2_hd_inflate_hd2(i, &out, &flags, buf, n, 1) < 0)
		return 2;
	return (flags & NGHTTP2_HD_INFLATE_EMIT) && out.valuelen == 4 && !memcmp(out.value, "calx", 4) ? 0 : 3;
}
