/* SPDX-License-Identifier: MIT */
/*
 * Which of the host's programs a build may see: a base set, what its build system is made of,
 * and what the recipe names in host-tools.  port.toml(5) has the same lists.
 */
#include <stdlib.h>
#include <string.h>

#include "hosttools.h"

/* A program that is of no use without others. */
struct group {
	const char *name;
	const char *with;		/* separated by blanks */
};

static const char base[] =
	/* shells, and what POSIX and GNU hosts have beside them */
	"sh bash dash sed grep egrep fgrep awk find xargs diff cmp diff3 sdiff patch make "
	"tar gzip gunzip zcat bzip2 bunzip2 xz unxz xzcat zstd which getconf pkgconf pkg-config "
	/* coreutils */
	"[ arch b2sum base32 base64 basename cat chgrp chmod chown cksum comm cp csplit cut date dd df "
	"dir dircolors dirname du echo env expand expr factor false fmt fold groups head hostid hostname "
	"id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc "
	"numfmt od paste pathchk pr printenv printf ptx pwd readlink realpath rm rmdir sha1sum sha224sum "
	"sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee "
	"test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami "
	"yes";

static const char compiler[] =
	"gcc g++ cc c++ cpp c99 gcc-ar gcc-nm gcc-ranlib as ld ld.bfd ar nm ranlib strip objcopy objdump "
	"readelf size strings addr2line c++filt";

static const struct group groups[] = {
	{ "gcc", compiler }, { "g++", compiler },
	{ "autoconf", "autoconf autoheader autom4te autoreconf autoscan autoupdate ifnames automake "
		"aclocal libtoolize m4 perl" },
	{ "cmake", "cmake ninja" },
	{ "meson", "meson ninja python3" },
	{ "bison", "bison yacc m4" },
	{ "flex", "flex lex m4" },
};

static void
add_words(const char *s, struct list *out)
{
	size_t n;

	for (; *s; s += n + strspn(s + n, " ")) {
		char *word;

		n = strcspn(s, " ");
		word = fmt("%.*s", (int)n, s);
		if (!list_has(out, word))
			list_add(out, word);
		free(word);
	}
}

static void
add_program(const char *name, struct list *out)
{
	size_t i;

	add_words(name, out);
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (strcmp(groups[i].name, name) == 0)
			add_words(groups[i].with, out);
}

void
host_tools_of(const struct recipe *r, struct list *out)
{
	size_t i;

	add_words(base, out);
	if (r->system == SYSTEM_AUTOTOOLS)
		add_program("autoconf", out);
	if (r->system == SYSTEM_CMAKE)
		add_program("cmake", out);
	if (r->system == SYSTEM_MESON)
		add_program("meson", out);
	/* What makes the first compilers cannot name a recipe for them. */
	if (r->arch == ARCH_HOST) {
		add_program("gcc", out);
		add_words("perl python3 bison flex m4 makeinfo", out);
	}
	for (i = 0; i < r->host_tools.n; i++)
		if (strncmp(r->host_tools.v[i], "cmd:", 4) == 0)
			add_program(r->host_tools.v[i] + 4, out);
}

char *
host_tools_find(const char *name)
{
	static const char *const dirs[] = { "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin",
		NULL };
	size_t i;

	for (i = 0; dirs[i]; i++) {
		char *path = fmt("%s/%s", dirs[i], name);

		if (exists(path))
			return path;
		free(path);
	}
	return NULL;
}
