/* SPDX-License-Identifier: MIT */
/* What is run for each build system, as scripts of the shell. */
#include <stdlib.h>
#include <string.h>

#include "script.h"

/* --- configure --- */

static void
put_cache(const struct job *j, struct buf *b)
{
	size_t i;

	for (i = 0; i < j->r->cache.n; i++) {
		char *s = job_expand(j, j->r->cache.v[i]), *eq = strchr(s, '=');

		*eq = '\0';
		buf_fmt(b, "export %s=", s);
		buf_quote(b, eq + 1);
		buf_str(b, "\n");
		free(s);
	}
}

static void
configure_autoconf(const struct job *j, struct buf *b)
{
	char *host;

	put_cache(j, b);
	if (j->r->system == SYSTEM_AUTOTOOLS)
		buf_fmt(b, "(cd %s && autoreconf -fi)\n"
			"for f in config.sub config.guess; do\n"
			"	own=%s/share/%s/$f\n	test -f $own || own=%s/share/calx/$f\n"
			"	test ! -f $own || find %s -name $f -exec cp $own {} \\;\n"
			"done\n", j->src_dir, j->see_tools, j->p->target->triple, j->see_tools, j->src);
	/* Calx is unknown to libtool's macros: without this libraries would be archives. */
	if (is_cross(j))
		buf_fmt(b, "%s/share/calx/fix-libtool %s\n", j->see_tools, j->src);
	buf_str(b, "set --");
	put_words(j, b, &j->r->args);
	buf_str(b, "\n");
	if (is_host(j)) {
		buf_fmt(b, "exec %s/configure --prefix=/calx/tools \"$@\"\n", j->src_dir);
		return;
	}
	/* Scripts that are not autoconf's stop at options that they do not know. */
	host = is_cross(j) ? fmt("--host=%s --build=$(uname -m)-pc-linux-gnu ", j->p->target->triple) : xdup("");
	buf_fmt(b, "if grep -q -e ac_configure_args -e host_alias %s/configure; then\n"
		"	set -- %s--sysconfdir=/etc"
		" --localstatedir=/var --libdir=/usr/lib --disable-dependency-tracking"
		" --disable-nls --enable-shared --disable-static \"$@\"\nfi\n"
		"exec %s/configure --prefix=/usr \"$@\"\n", j->src_dir, host, j->src_dir);
	free(host);
}

static void
configure_cmake(const struct job *j, struct buf *b)
{
	buf_fmt(b, "exec cmake -G Ninja -S %s -B %s -DCMAKE_BUILD_TYPE=Release "
		"-DCMAKE_INSTALL_LIBDIR=lib -DBUILD_TESTING=OFF", j->src_dir, j->build);
	if (is_host(j))
		buf_str(b, " -DCMAKE_INSTALL_PREFIX=/calx/tools");
	else
		buf_str(b, " -DCMAKE_INSTALL_PREFIX=/usr -DBUILD_SHARED_LIBS=ON");
	put_words(j, b, &j->r->args);
	buf_str(b, "\n");
}

static void
configure_meson(const struct job *j, struct buf *b)
{
	buf_fmt(b, "exec meson setup %s %s --libdir=lib --buildtype=plain --wrap-mode=nodownload",
		j->build, j->src_dir);
	if (is_host(j))
		buf_str(b, " --prefix=/calx/tools");
	else
		buf_str(b, " --prefix=/usr --sysconfdir=/etc --localstatedir=/var "
			"-Ddefault_library=shared");
	if (is_cross(j))
		buf_fmt(b, " --cross-file=%s/share/calx/meson-cross.ini", j->see_tools);
	put_words(j, b, &j->r->args);
	buf_str(b, "\n");
}

void
script_configure(const struct job *j, struct buf *b)
{
	if (j->r->before.n) {
		buf_fmt(b, "cd %s\n", j->src_dir);
		put_lines(j, b, &j->r->before);
		buf_fmt(b, "cd %s\n", j->box.cwd);
	}
	switch (j->r->system) {
	case SYSTEM_AUTOTOOLS:
	case SYSTEM_CONFIGURE:	configure_autoconf(j, b); break;
	case SYSTEM_CMAKE:	configure_cmake(j, b); break;
	case SYSTEM_MESON:	configure_meson(j, b); break;
	default:		break;
	}
}

/* --- build --- */

static void
put_make(const struct job *j, struct buf *b)
{
	buf_str(b, "make");
	if (j->r->system == SYSTEM_MAKE)
		put_words(j, b, &j->r->args);
	put_words(j, b, &j->r->make_args);
}

void
script_build(const struct job *j, struct buf *b, int ninja_jobs)
{
	switch (j->r->system) {
	case SYSTEM_CMAKE:
	case SYSTEM_MESON:
		buf_fmt(b, "ninja -C %s", j->build);
		if (!j->shares_jobs)
			buf_fmt(b, " -j%d", ninja_jobs);
		put_words(j, b, &j->r->make_args);
		put_words(j, b, &j->r->targets);
		buf_str(b, "\n");
		break;
	case SYSTEM_AUTOTOOLS:
	case SYSTEM_CONFIGURE:
	case SYSTEM_MAKE:
		put_make(j, b);
		put_words(j, b, &j->r->targets);
		buf_str(b, "\n");
		break;
	case SYSTEM_SHELL:
		put_lines(j, b, &j->r->targets);
		break;
	case SYSTEM_COPY:
		break;
	}
}

/* --- install --- */

/* "SRC DST": a file, or a folder's content when SRC ends in "/."; DST/ is a folder. */
static int
put_copy(const struct job *j, struct buf *b, const char *entry)
{
	char *s = job_expand(j, entry), *to = strchr(s, ' ');

	if (!to || to == s || !to[1] || strchr(to + 1, ' ')) {
		warn_("%s: install: '%s' is not 'SRC DST'", j->r->file, entry);
		free(s);
		return -1;
	}
	*to++ = '\0';
	to += strspn(to, "/");
	buf_str(b, "to=\"$DESTDIR\"/");
	buf_quote(b, to);
	buf_fmt(b, "\ncase $to in\n*/) mkdir -p \"$to\" ;;\n*) mkdir -p \"${to%%/*}\" ;;\nesac\n"
		"cp -RP%s ", j->box.on ? " --preserve=mode,links" : "p");	/* the host's cp need not be GNU's */
	if (strpbrk(s, "*?[")) {
		buf_str(b, s);		/* a pattern of the shell's */
	} else {
		buf_quote(b, s);
	}
	buf_str(b, " \"$to\"\n");
	free(s);
	return 0;
}

static void
put_install_targets(const struct job *j, struct buf *b)
{
	if (j->r->install.n)
		put_words(j, b, &j->r->install);
	else
		buf_str(b, " install");
}

/* [build] dirs, files and links, in this order. */
static int
put_placed(const struct job *j, struct buf *b)
{
	char *s, *to;
	size_t i;
	int r = 0;

	for (i = 0; i < j->r->dirs.n; i++) {
		buf_str(b, "mkdir -p \"$DESTDIR\"/");
		buf_quote(b, j->r->dirs.v[i]);
		buf_str(b, "\n");
	}
	for (i = 0; r == 0 && i < j->r->copies.n; i++)
		r = put_copy(j, b, j->r->copies.v[i]);
	for (i = 0; i < j->r->links.n; i++) {
		s = job_expand(j, j->r->links.v[i]);
		to = strchr(s, ' ');
		*to++ = '\0';
		to += strspn(to, "/");
		buf_str(b, "to=\"$DESTDIR\"/");
		buf_quote(b, to);
		buf_str(b, "\nmkdir -p \"${to%/*}\"\nln -s ");
		buf_quote(b, s);
		buf_str(b, " \"$to\"\n");
		free(s);
	}
	return r;
}

/*
 * [test] program: compiled against what was just installed, with all libraries of the port
 * that it uses.
 */
static void
put_test_program(const struct job *j, struct buf *b)
{
	const char *name = j->r->test_program, *end = name ? strrchr(name, '.') : NULL;
	char *file;

	if (!name)
		return;
	file = *name == '{' ? job_expand(j, name) : fmt("%s/%s", j->recipe, name);
	buf_fmt(b, "mkdir -p %s/usr/libexec/ports\nset --\n"
		"for f in %s/usr/lib/lib*.so %s/usr/lib/lib*.a; do\n"
		"	test ! -f $f || set -- \"$@\" -l:${f##*/}\ndone\n", j->dest, j->dest, j->dest);
	buf_fmt(b, "%s -o %s/usr/libexec/ports/%s-check %s -I%s/usr/include -L%s/usr/lib"
		" -Wl,--as-needed -Wl,--start-group \"$@\" -Wl,--end-group",
		end && strcmp(end, ".c") != 0 ? "$CXX" : "$CC", j->dest, j->r->name, file, j->dest,
		j->dest);
	put_words(j, b, &j->r->test_args);
	buf_str(b, "\n");
	free(file);
}

int
script_install(const struct job *j, struct buf *b)
{
	size_t i;
	int r = 0;

	switch (j->r->system) {
	case SYSTEM_CMAKE:
	case SYSTEM_MESON:
		buf_fmt(b, "ninja -C %s -j1", j->build);
		put_install_targets(j, b);
		buf_str(b, "\n");
		break;
	case SYSTEM_AUTOTOOLS:
	case SYSTEM_CONFIGURE:
	case SYSTEM_MAKE:
		put_make(j, b);
		buf_fmt(b, " DESTDIR=%s", j->dest);
		put_install_targets(j, b);
		buf_str(b, "\n");
		break;
	case SYSTEM_SHELL:
		put_lines(j, b, &j->r->install);
		break;
	case SYSTEM_COPY:
		for (i = 0; r == 0 && i < j->r->install.n; i++)
			r = put_copy(j, b, j->r->install.v[i]);
		break;
	}
	if (r == 0)
		r = put_placed(j, b);
	put_lines(j, b, &j->r->after);
	put_test_program(j, b);
	return r;
}
