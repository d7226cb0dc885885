/* SPDX-License-Identifier: MIT */
/* Conversion between Unicode forms and 8-bit sets; what cannot be converted is told. */
#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

static size_t conv(const char *to, const char *from, const char *s, size_t n, char *out, size_t *len)
{
	char *in = (char *)s, *o = out;
	size_t left = 100;
	iconv_t cd = iconv_open(to, from);
	assert(cd != (iconv_t)-1);
	size_t r = iconv(cd, &in, &n, &o, &left);
	*len = o - out;
	assert(iconv_close(cd) == 0);
	return r;
}

int main(void)
{
	char out[101];
	size_t n;
	assert(conv("ISO-8859-15", "utf8", "a\u20ac", 4, out, &n) == 0 && n == 2 && !memcmp(out, "a\xa4", 2));
	assert(conv("UTF-8", "CP1251", "\xcf\xf0", 2, out, &n) == 0 && n == 4 && !memcmp(out, "\u041f\u0440", 4));
	assert(conv("UTF-16", "UTF-8", "\U0001f600", 4, out, &n) == 0 && n == 6 && !memcmp(out, "\xff\xfe\x3d\xd8\x00\xde", 6));
	assert(conv("UTF-8", "UTF-16", "\xfe\xff\x00\x41", 4, out, &n) == 0 && n == 1 && *out == 'A');
	assert(conv("latin1", "UTF-8", "\u20ac", 3, out, &n) == (size_t)-1 && errno == EILSEQ);
	assert(conv("ASCII//TRANSLIT", "UTF-8", "a\u20ac", 4, out, &n) == 1 && n == 2 && out[1] == '?');
	assert(conv("UCS-4BE", "UTF-8", "a\xc3", 2, out, &n) == (size_t)-1 && errno == EINVAL && n == 4);
	assert(conv("UTF-8", "UTF-8", "\xed\xa0\x80", 3, out, &n) == (size_t)-1 && errno == EILSEQ);
	assert(iconv_open("UTF-8", "KLINGON") == (iconv_t)-1 && errno == EINVAL);
	return 0;
}
