/* SPDX-License-Identifier: MIT */
/* iconv: Unicode in all its forms, ASCII, Latin 1 and the 8-bit sets, through one character. */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "locale_impl.h"
#include "utf8.h"
#include "tables.h"

#define NSETS (sizeof(charsets) / sizeof(*charsets))

enum form { F_UTF8, F_UTF16, F_UTF16BE, F_UTF16LE, F_UTF32, F_UTF32BE, F_UTF32LE, F_UTF7, F_WCHAR,
	F_UCS2, F_UCS2BE, F_UCS2LE, F_ASCII, F_LATIN1, F_TABLE };

struct coding {
	enum form form;
	const struct charset *set;	/* F_TABLE */
	int big;			/* byte order in force; the marked forms find it at the start */
	int started;			/* a byte order mark was read or written */
};

struct conv {
	struct coding from, to;
	int translit, ignore;
};

/* -- names -- */

static const struct { const char *name; enum form form; } names[] = {
	{ "UTF8", F_UTF8 }, { "UTF16", F_UTF16 }, { "UTF16BE", F_UTF16BE }, { "UTF16LE", F_UTF16LE },
	{ "UTF32", F_UTF32 }, { "UTF32BE", F_UTF32BE }, { "UTF32LE", F_UTF32LE }, { "UCS4", F_UTF32BE },
	{ "UCS4BE", F_UTF32BE }, { "UCS4LE", F_UTF32LE }, { "UCS2", F_UCS2 }, { "UCS2BE", F_UCS2BE },
	{ "UCS2LE", F_UCS2LE }, { "WCHART", F_WCHAR }, { "INTERNAL", F_WCHAR },
	{ "ASCII", F_ASCII }, { "USASCII", F_ASCII }, { "ANSIX341968", F_ASCII }, { "646", F_ASCII },
	{ "ISO646US", F_ASCII }, { "C", F_ASCII }, { "POSIX", F_ASCII },
	{ "ISO88591", F_LATIN1 }, { "88591", F_LATIN1 }, { "LATIN1", F_LATIN1 }, { "L1", F_LATIN1 },
	{ "CP819", F_LATIN1 },
};
static const struct { const char *alias, *name; } aliases[] = {
	{ "LATIN2", "ISO88592" }, { "LATIN3", "ISO88593" }, { "LATIN4", "ISO88594" },
	{ "LATIN5", "ISO88599" }, { "LATIN6", "ISO885910" }, { "LATIN9", "ISO885915" },
	{ "LATIN10", "ISO885916" }, { "CYRILLIC", "ISO88595" }, { "GREEK", "ISO88597" },
	{ "HEBREW", "ISO88598" }, { "ARABIC", "ISO88596" }, { "TIS620", "ISO885911" },
	{ "IBM437", "CP437" }, { "IBM850", "CP850" }, { "IBM852", "CP852" }, { "IBM866", "CP866" },
	{ "WINDOWS1250", "CP1250" }, { "WINDOWS1251", "CP1251" }, { "WINDOWS1252", "CP1252" },
	{ "WINDOWS1253", "CP1253" }, { "WINDOWS1254", "CP1254" }, { "WINDOWS1255", "CP1255" },
	{ "WINDOWS1256", "CP1256" }, { "WINDOWS1257", "CP1257" }, { "WINDOWS1258", "CP1258" },
	{ "MACROMAN", "MACINTOSH" }, { "MAC", "MACINTOSH" },
};

/* Letters and digits in upper case; stops at the slashes of //TRANSLIT. */
static void squeeze(char *d, size_t n, const char *s)
{
	size_t i = 0;
	for (; *s && *s != '/' && i + 1 < n; s++)
		if (isalnum((unsigned char)*s))
			d[i++] = toupper((unsigned char)*s);
	d[i] = 0;
}

static int find(const char *s, struct coding *c)
{
	char name[24], have[24];
	*c = (struct coding){ .big = 0 };
	squeeze(name, sizeof(name), s);
	if (!*name || !strcmp(name, "CHAR")) {
		c->form = __is_utf8() ? F_UTF8 : F_ASCII;
		return 0;
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (!strcmp(name, aliases[i].alias))
			strcpy(name, aliases[i].name);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(name, names[i].name)) {
			c->form = names[i].form;
			return 0;
		}
	}
	for (size_t i = 0; i < NSETS; i++) {
		squeeze(have, sizeof(have), charsets[i].name);
		if (!strcmp(name, have)) {
			c->form = F_TABLE;
			c->set = &charsets[i];
			return 0;
		}
	}
	return -1;
}

iconv_t iconv_open(const char *to, const char *from)
{
	struct conv *cv = calloc(1, sizeof(*cv));
	if (!cv)
		return (iconv_t)-1;
	if (find(to, &cv->to) < 0 || find(from, &cv->from) < 0) {
		free(cv);
		errno = EINVAL;
		return (iconv_t)-1;
	}
	cv->translit = strcasestr(to, "//TRANSLIT") != NULL;
	cv->ignore = strcasestr(to, "//IGNORE") != NULL;
	return cv;
}

int iconv_close(iconv_t cd)
{
	free(cd);
	return 0;
}

/* -- reading: how many bytes a character takes, 0 when it is cut off, -1 when it is none -- */

static int get_utf8(const unsigned char *s, size_t n, uint32_t *c)
{
	static const uint32_t min[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int len = *s < 0x80 ? 1 : *s < 0xc2 ? -1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : -1;
	if (len < 0)
		return -1;
	*c = len == 1 ? *s : *s & (0x7f >> len);
	for (int i = 1; i < len; i++) {
		if ((size_t)i >= n)
			return 0;
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		*c = *c << 6 | (s[i] & 63);
	}
	return *c < min[len] || *c - 0xd800 < 0x800 || *c > 0x10ffff ? -1 : len;
}

static uint32_t word(const unsigned char *s, int bytes, int big)
{
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++)
		v |= (uint32_t)s[i] << 8 * (big ? bytes - 1 - i : i);
	return v;
}

static int get_utf16(const struct coding *k, const unsigned char *s, size_t n, uint32_t *c)
{
	if (n < 2)
		return 0;
	*c = word(s, 2, k->big);
	if (*c - 0xd800 >= 0x800)
		return 2;
	if (*c >= 0xdc00 || k->form >= F_UCS2)
		return -1;
	if (n < 4)
		return 0;
	uint32_t low = word(s + 2, 2, k->big) - 0xdc00;
	if (low >= 0x400)
		return -1;
	*c = 0x10000 + ((*c - 0xd800) << 10) + low;
	return 4;
}

static int get(struct coding *k, const unsigned char *s, size_t n, uint32_t *c)
{
	switch (k->form) {
	case F_UTF8:
		return get_utf8(s, n, c);
	case F_UTF16: case F_UTF16BE: case F_UTF16LE: case F_UCS2: case F_UCS2BE: case F_UCS2LE:
		return get_utf16(k, s, n, c);
	case F_UTF32: case F_UTF32BE: case F_UTF32LE: case F_WCHAR:
		if (n < 4)
			return 0;
		*c = word(s, 4, k->big);
		return *c > 0x10ffff || *c - 0xd800 < 0x800 ? -1 : 4;
	case F_ASCII:
		*c = *s;
		return *s < 128 ? 1 : -1;
	case F_LATIN1:
		*c = *s;
		return 1;
	case F_TABLE:
		*c = *s < 128 ? *s : k->set->high[*s - 128];
		return *s && !*c ? -1 : 1;
	default:
		return -1;
	}
}

/* -- writing: how many bytes, 0 when the set does not have the character -- */

static int put_word(unsigned char *d, int bytes, int big, uint32_t v)
{
	for (int i = 0; i < bytes; i++)
		d[i] = v >> 8 * (big ? bytes - 1 - i : i);
	return bytes;
}

static int put(const struct coding *k, unsigned char *d, uint32_t c)
{
	switch (k->form) {
	case F_UTF8:
		return __utf8_put((char *)d, c);
	case F_UTF16: case F_UTF16BE: case F_UTF16LE: case F_UCS2: case F_UCS2BE: case F_UCS2LE:
		if (c < 0x10000)
			return put_word(d, 2, k->big, c);
		if (k->form >= F_UCS2)
			return 0;
		put_word(d, 2, k->big, 0xd7c0 + (c >> 10));
		return 2 + put_word(d + 2, 2, k->big, 0xdc00 | (c & 0x3ff));
	case F_UTF32: case F_UTF32BE: case F_UTF32LE: case F_WCHAR:
		return put_word(d, 4, k->big, c);
	case F_ASCII: case F_LATIN1:
		*d = c;
		return c < (k->form == F_ASCII ? 128u : 256u);
	case F_TABLE:
		*d = c;
		if (c < 128)
			return 1;
		for (int i = 0; i < 128; i++) {
			if (k->set->high[i] == c) {
				*d = 128 + i;
				return 1;
			}
		}
		return 0;
	default:
		return 0;
	}
}

static int is_big(enum form f)
{
	return f == F_UTF16BE || f == F_UTF32BE || f == F_UCS2BE;
}

/* At the start of input: finds the order of bytes, skips the mark. */
static size_t skip_mark(struct coding *k, const unsigned char *s, size_t n)
{
	int bytes = k->form == F_UTF16 || k->form == F_UCS2 ? 2 : k->form == F_UTF32 ? 4 : 0;
	if (k->started || (bytes && n < (size_t)bytes))
		return 0;
	k->started = 1;
	k->big = is_big(k->form);
	if (!bytes)
		return 0;
	if (word(s, bytes, 1) == 0xfeff)
		k->big = 1;
	else if (word(s, bytes, 0) != 0xfeff)
		return 0;
	return bytes;
}

/* Into d the character, a mark before the first; its length, 0 when there is no way to write it. */
static int encode(struct conv *cv, unsigned char d[8], uint32_t c, int *mark)
{
	struct coding *k = &cv->to;
	int n = 0;
	k->big = is_big(k->form);
	*mark = !k->started && (k->form == F_UTF16 || k->form == F_UTF32);
	if (*mark)
		n = put_word(d, k->form == F_UTF16 ? 2 : 4, 0, 0xfeff);
	int m = put(k, d + n, c);
	return m ? n + m : 0;
}

size_t iconv(iconv_t cd, char **restrict in, size_t *restrict inleft, char **restrict out,
	size_t *restrict outleft)
{
	struct conv *cv = cd;
	size_t changed = 0;
	if (!in || !*in) {
		cv->from.started = cv->to.started = 0;
		return 0;
	}
	size_t skip = skip_mark(&cv->from, (void *)*in, *inleft);
	*in += skip;
	*inleft -= skip;
	while (*inleft) {
		uint32_t c;
		unsigned char buf[8];
		int mark = 0, n = get(&cv->from, (void *)*in, *inleft, &c);
		if (n == 0) {
			errno = EINVAL;
			return -1;
		}
		if (n < 0 && !cv->ignore) {
			errno = EILSEQ;
			return -1;
		}
		int m = n < 0 ? 0 : encode(cv, buf, c, &mark);
		if (!m && n > 0) {
			if (!*outleft) {
				errno = E2BIG;
				return -1;
			}
			if (cv->translit && (m = encode(cv, buf, '?', &mark))) {
				changed++;
			} else if (!cv->ignore) {
				errno = EILSEQ;
				return -1;
			}
		}
		if ((size_t)m > *outleft) {
			errno = E2BIG;
			return -1;
		}
		memcpy(*out, buf, m);
		cv->to.started |= m > 0;
		*out += m;
		*outleft -= m;
		n = n < 0 ? 1 : n;
		*in += n;
		*inleft -= n;
	}
	return changed;
}
