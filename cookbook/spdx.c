/* SPDX-License-Identifier: MIT */
/* SPDX licence expressions: a check of form and of the identifiers we know. */
#include <string.h>

#include "recipe.h"

static const char *const ids[] = {
	"0BSD", "AFL-2.1", "AFL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "Apache-1.1",
	"Apache-2.0", "Artistic-1.0", "Artistic-1.0-Perl", "Artistic-2.0", "BSD-1-Clause",
	"BSD-2-Clause", "BSD-2-Clause-Patent", "BSD-2-Clause-Views", "BSD-3-Clause",
	"BSD-3-Clause-Clear", "BSD-4-Clause", "BSD-4-Clause-UC", "BSD-Source-Code", "BSL-1.0",
	"blessing", "bzip2-1.0.6", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0",
	"CC0-1.0", "CDDL-1.0", "CDDL-1.1", "CPL-1.0", "curl", "EPL-1.0", "EPL-2.0", "FSFAP",
	"FSFUL", "FSFULLR", "FTL", "GFDL-1.1-or-later", "GFDL-1.2-or-later", "GFDL-1.3-or-later",
	"GFDL-1.3-only", "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later",
	"GPL-3.0-only", "GPL-3.0-or-later", "HPND", "HPND-sell-variant", "ICU", "IJG",
	"ImageMagick", "Info-ZIP", "IPL-1.0", "ISC", "JasPer-2.0", "Latex2e", "LGPL-2.0-only",
	"LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only",
	"LGPL-3.0-or-later", "libpng-2.0", "Libpng", "libtiff", "LPL-1.02", "LPPL-1.3c", "MirOS",
	"MIT", "MIT-0", "MIT-CMU", "MIT-Modern-Variant", "MIT-open-group", "MPL-1.1", "MPL-2.0",
	"MS-PL", "NAIST-2003", "NCSA", "NetBSD", "NGPL", "NTP", "OFL-1.1", "OLDAP-2.8", "OpenSSL",
	"PHP-3.01", "PostgreSQL", "PSF-2.0", "Python-2.0", "Python-2.0.1", "QPL-1.0", "Ruby", "SGI-B-2.0",
	"SISSL", "SMLNJ", "Sleepycat", "SSH-OpenSSH", "SSH-short", "SunPro", "TCL", "TCP-wrappers",
	"TU-Berlin-2.0", "Unicode-3.0", "Unicode-DFS-2015", "Unicode-DFS-2016", "Unicode-TOU",
	"Unlicense", "UPL-1.0", "Vim", "W3C", "Watcom-1.0", "WTFPL", "X11",
	"X11-distribute-modifications-variant", "XFree86-1.1", "Xnet", "xpp", "Zend-2.0", "Zlib",
	"zlib-acknowledgement", "ZPL-2.1", "Spencer-94", "Spencer-99", "Beerware", "dtoa", NULL
};

static const char *const exceptions[] = {
	"Autoconf-exception-2.0", "Autoconf-exception-3.0", "Bison-exception-2.2",
	"Classpath-exception-2.0", "Font-exception-2.0", "GCC-exception-2.0",
	"GCC-exception-3.1", "LLVM-exception", "Libtool-exception", "Linux-syscall-note",
	"OCaml-LGPL-linking-exception", "OpenSSL-exception", "WxWindows-exception-3.1",
	"cryptsetup-OpenSSL-exception", "u-boot-exception-2.0", "x11vnc-openssl-exception",
	"eCos-exception-2.0", "GPL-CC-1.0", NULL
};

struct spdx {
	const char *s;
	char word[64];			/* current word, "" at the end */
};

static int
step(struct spdx *p)
{
	size_t n;

	p->s += strspn(p->s, " ");
	n = *p->s == '(' || *p->s == ')' ? 1 : strcspn(p->s, " ()");
	if (n >= sizeof(p->word))
		return -1;
	memcpy(p->word, p->s, n);
	p->word[n] = '\0';
	p->s += n;
	return 0;
}

static int
known(const char *const *table, const char *word)
{
	for (; *table; table++)
		if (strcmp(*table, word) == 0)
			return 1;
	return 0;
}

static const char *parse_or(struct spdx *p, int depth);

static const char *
parse_one(struct spdx *p, int depth)
{
	const char *why;

	if (strcmp(p->word, "(") == 0) {
		if (depth > 16 || step(p) < 0)
			return "nested too deeply";
		why = parse_or(p, depth + 1);
		if (why)
			return why;
		if (strcmp(p->word, ")") != 0)
			return "expected ')'";
	} else if (!known(ids, p->word) && strncmp(p->word, "LicenseRef-", 11) != 0) {
		return "not an SPDX licence identifier that is known here";
	}
	if (step(p) < 0)
		return "word too long";
	if (strcmp(p->word, "WITH") != 0)
		return NULL;
	if (step(p) < 0 || !known(exceptions, p->word))
		return "not an SPDX exception that is known here";
	return step(p) < 0 ? "word too long" : NULL;
}

static const char *
parse_or(struct spdx *p, int depth)
{
	const char *why;

	for (;;) {
		why = parse_one(p, depth);
		if (why)
			return why;
		if (strcmp(p->word, "AND") != 0 && strcmp(p->word, "OR") != 0)
			return NULL;
		if (step(p) < 0)
			return "word too long";
	}
}

const char *
spdx_refused(const char *expr)
{
	struct spdx p = { .s = expr };
	const char *why;

	for (; *expr; expr++)
		if ((unsigned char)*expr < ' ')
			return "control character";
	if (step(&p) < 0)
		return "word too long";
	why = parse_or(&p, 0);
	if (why)
		return why;
	return p.word[0] ? "expected AND, OR or the end" : NULL;
}
