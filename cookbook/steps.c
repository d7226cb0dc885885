/* SPDX-License-Identifier: MIT */
/* The steps of a build as shell scripts, one set for each build system. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hosttools.h"
#include "job.h"
#include "watch.h"

/* --- {placeholders} --- */

static const char *
lookup(const struct job *j, const char *name, char *number, size_t size)
{
	const struct { const char *name, *value; } names[] = {
		{ "name", j->r->name }, { "version", j->r->version }, { "target", j->p->target->triple },
		{ "platform", j->p->target->platform },
		{ "src", j->src }, { "build", j->build }, { "dest", j->dest },
		{ "tools", j->see_tools }, { "sysroot", j->see_sysroot },
		{ "recipe", j->recipe }, { "jobs", number },
		{ "prefix", j->r->arch == ARCH_HOST ? "/calx/tools" : "/usr" },
	};
	size_t i;

	snprintf(number, size, "%d", j->c->jobs);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].value;
	return NULL;
}

char *
job_expand(const struct job *j, const char *s)
{
	char name[32], number[16];
	struct buf b = { 0 };
	const char *value;
	size_t n;

	buf_str(&b, "");
	while (*s) {
		n = strcspn(s, "{");
		buf_add(&b, s, n);
		s += n;
		n = *s ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
		if (*s && n && n < sizeof(name) && s[n + 1] == '}') {
			memcpy(name, s + 1, n);
			name[n] = '\0';
			value = lookup(j, name, number, sizeof(number));
			if (value) {
				buf_str(&b, value);
				s += n + 2;
				continue;
			}
		}
		if (*s)
			buf_add(&b, s++, 1);	/* a brace of the shell's */
		if (s[-1] == '{' && *s == '{')
			s++;
	}
	return b.s;
}

/* Words of a list, expanded and quoted for the shell. */
static void
put_words(const struct job *j, struct buf *b, const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		char *s = job_expand(j, l->v[i]);

		buf_str(b, " ");
		buf_quote(b, s);
		free(s);
	}
}

static void
put_lines(const struct job *j, struct buf *b, const struct list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		char *s = job_expand(j, l->v[i]);

		buf_fmt(b, "%s\n", s);
		free(s);
	}
}

static int
is_host(const struct job *j)
{
	return j->r->arch == ARCH_HOST;
}

static int
is_cross(const struct job *j)
{
	return !is_host(j) && j->r->toolchain >= TOOLCHAIN_BARE;
}

/* --- environment --- */

static void
set(struct job *j, const char *name, const char *value)
{
	list_take(&j->box.env, fmt("%s=%s", name, value));
}

static void
set_target_tools(struct job *j)
{
	static const char *const tools[][2] = {
		{ "CC", "gcc" }, { "CXX", "g++" }, { "AR", "ar" }, { "RANLIB", "ranlib" },
		{ "STRIP", "strip" }, { "NM", "nm" }, { "LD", "ld" }, { "OBJCOPY", "objcopy" },
		{ "OBJDUMP", "objdump" }, { "READELF", "readelf" }, { "PKG_CONFIG", "pkg-config" },
	};
	char value[256], path[4096];
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		snprintf(value, sizeof(value), "%s-%s", j->p->target->triple, tools[i][1]);
		set(j, tools[i][0], value);
	}
	set(j, "CALX_TARGET", j->p->target->triple);
	set(j, "CC_FOR_BUILD", "gcc");
	set(j, "BUILD_CC", "gcc");
	snprintf(path, sizeof(path), "%s/share/calx/config.site", j->see_tools);
	set(j, "CONFIG_SITE", path);
	snprintf(path, sizeof(path), "%s/share/calx/cmake-toolchain.cmake", j->see_tools);
	set(j, "CMAKE_TOOLCHAIN_FILE", path);
}

static void
set_flags(struct job *j)
{
	char *flags = fmt("-O2%s -ffile-prefix-map=%s=/usr/src/%s -ffile-prefix-map=%s=/usr/src/%s",
			j->r->debug ? " -g" : "", j->src, j->r->name, j->build, j->r->name);

	set(j, "CFLAGS", is_host(j) ? "-O2" : flags);
	set(j, "CXXFLAGS", is_host(j) ? "-O2" : flags);
	free(flags);
}

void
steps_environment(struct job *j)
{
	const char *own = getenv("PATH");
	char *path = fmt("%s/bin:%s", j->see_tools, !j->box.on && own && *own ? own :
			"/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
	char *epoch = fmt("%lld", (long long)COOK_EPOCH), *jobs = fmt("%d", j->c->jobs);

	set(j, "PATH", path);
	set(j, "HOME", j->home);
	set(j, "TMPDIR", j->box.on ? "/tmp" : j->home);
	set(j, "SHELL", "/bin/sh");
	set(j, "LC_ALL", j->c->vary ? "C" : "C.UTF-8");
	set(j, "TZ", "UTC");
	set(j, "SOURCE_DATE_EPOCH", epoch);
	set(j, "FORCE_UNSAFE_CONFIGURE", "1");
	set(j, "SRCDIR", j->src);
	set(j, "BUILDDIR", j->build);
	set(j, "DESTDIR", j->dest);
	set(j, "TOOLS", j->see_tools);
	set(j, "SYSROOT", j->see_sysroot);
	set(j, "RECIPE", j->recipe);
	set(j, "JOBS", jobs);
	if (j->c->vary_preload)
		set(j, "LD_PRELOAD", j->box.on ? "/calx/vary.so" : j->c->vary_preload);
	set_flags(j);
	if (is_cross(j))
		set_target_tools(j);
	free(path);
	free(epoch);
	free(jobs);
}

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

static void
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

static int
uses_ninja(const struct job *j)
{
	return j->r->system == SYSTEM_CMAKE || j->r->system == SYSTEM_MESON;
}

static void
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

static int
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

/* --- running them --- */

static char *
step_cwd(const struct job *j)
{
	int in_source = j->r->in_source || j->r->system == SYSTEM_MAKE ||
		j->r->system == SYSTEM_COPY;

	return xdup(in_source ? j->src_dir : j->build);
}

/* 1 when the ninja of this build takes part in the jobserver: from 1.13 on. */
static int
ninja_knows_jobserver(const struct job *j)
{
	char *own = fmt("%s/bin/ninja", j->tools), *path = NULL, *command, line[64] = "";
	int major = 0, minor = 0;
	FILE *f;

	if (exists(own))
		path = xdup(own);
	else
		path = j->box.on ? host_tools_find("ninja") : xdup("ninja");
	command = path ? fmt("'%s' --version 2>/dev/null", path) : xdup("false");
	f = popen(command, "r");
	if (f && (!fgets(line, sizeof(line), f) || sscanf(line, "%d.%d", &major, &minor) != 2))
		major = 0;
	if (f)
		pclose(f);
	free(command);
	free(path);
	free(own);
	return major > 1 || (major == 1 && minor >= 13);
}

/* make takes part in the jobserver, and so does a ninja that knows it; others get -j instead. */
static void
add_variable_environment(struct job *j)
{
	char *flags;
	size_t i;

	j->shares_jobs = !uses_ninja(j) || (jobs_fifo() && ninja_knows_jobserver(j));
	flags = jobs_makeflags(j->c, !uses_ninja(j) ? NULL : j->box.on ? "/calx/jobs" : jobs_fifo());
	if (j->shares_jobs)
		list_take(&j->box.env, fmt("MAKEFLAGS=%s", flags));
	free(flags);
	for (i = 0; i < j->r->env.n; i++)
		list_take(&j->box.env, job_expand(j, j->r->env.v[i]));
}

static int
run_step(struct job *j, const char *name, struct buf *script)
{
	char *file, *seen;
	int status;

	if (!script->n)
		return 0;
	printf("== %s %s: %s\n", j->r->name, j->r->version, name);
	printf("%s", script->s);
	fflush(stdout);
	file = fmt("%s/step/%s", j->work, name);
	if (write_file(file, script->s, script->n, 0644) < 0) {
		warn_("%s: cannot write", file);
		free(file);
		return -1;
	}
	seen = j->box.on ? fmt("/calx/step/%s", name) : xdup(file);
	status = sandbox_run(&j->box, seen);
	free(seen);
	free(file);
	free(script->s);
	memset(script, 0, sizeof(*script));
	if (status == 0)
		return 0;
	if (j->box.on) {
		file = build_log(j->c, j->p);
		explain_failure(file);
		free(file);
	}
	warn_("%s: step '%s' failed with status %d", j->r->name, name, status);
	return -1;
}

static int
run_build(struct job *j)
{
	struct buf b = { 0 };
	int tokens = 0, r;

	while (!j->shares_jobs && tokens < j->c->jobs - 1 && jobs_take())
		tokens++;
	script_build(j, &b, 1 + tokens);
	r = run_step(j, "build", &b);
	jobs_give(tokens);
	return r;
}

int
steps_run(struct job *j)
{
	struct buf b = { 0 };

	add_variable_environment(j);
	j->box.cwd = step_cwd(j);
	script_configure(j, &b);
	if (run_step(j, "configure", &b) < 0 || run_build(j) < 0)
		return -1;
	if (script_install(j, &b) < 0) {
		free(b.s);
		return -1;
	}
	return run_step(j, "install", &b);
}
