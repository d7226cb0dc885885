/* SPDX-License-Identifier: MIT */
/* The steps of a build: their environment, and running them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hosttools.h"
#include "script.h"
#include "watch.h"

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
	status = write_file(file, script->s, script->n, 0644);
	if (status < 0) {
		warn_("%s: %s", file, strerror(-status));
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
