/* SPDX-License-Identifier: MIT */
/*
 * options.c: LD_LIBRARY_PATH, LD_PRELOAD, LD_BIND_NOW, LD_TRACE_LOADED_OBJECTS (none of them in a
 * set-user-id program), and running libc.so.1 itself: libc.so.1 [options] program [arguments].
 */
#include <elf.h>
#include <string.h>
#include "../internal/plat.h"
#include "dso.h"
#include "options.h"

static const char *value(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(entry, name, n) && entry[n] == '=' ? entry + n + 1 : 0;
}

static void read_variable(const char *entry, struct options *o)
{
	const char *v;

	if ((v = value(entry, "LD_PRELOAD")))
		o->preload = v;
	else if ((v = value(entry, "LD_LIBRARY_PATH")))
		__ldso_library_path = v;
	else if ((v = value(entry, "LD_BIND_NOW")))
		__ldso_bind_now = *v != 0;
	else if ((v = value(entry, "LD_TRACE_LOADED_OBJECTS")))
		__ldso_tracing = *v != 0;
}

static unsigned long *find_auxv(long *sp, char ***envp)
{
	char **p = (char **)(sp + 1) + *sp + 1;

	*envp = p;
	while (*p)
		p++;
	return (unsigned long *)(p + 1);
}

void __ldso_read_stack(long *sp, struct options *o)
{
	char **env;

	__libc.argc = *sp;
	__libc.argv = (char **)(sp + 1);
	__libc.auxv = find_auxv(sp, &env);
	__libc.secure = __auxv(__libc.auxv, AT_SECURE) != 0;
	for (; *env && !__libc.secure; env++)
		if ((*env)[0] == 'L' && (*env)[1] == 'D')
			read_variable(*env, o);
}

void __ldso_set_auxv(unsigned long entry, const struct dso *program, const char *path)
{
	for (unsigned long *a = __libc.auxv; a[0]; a += 2) {
		switch (a[0]) {
		case AT_ENTRY: a[1] = entry; break;
		case AT_PHDR: a[1] = (unsigned long)program->phdr; break;
		case AT_PHNUM: a[1] = program->phnum; break;
		case AT_BASE: a[1] = __ldso.base; break;
		case AT_EXECFN: a[1] = (unsigned long)path; break;
		}
	}
}

/* Everything above the first `skip` arguments moves down, so that the stack stays aligned. */
static void drop_arguments(long *sp, int skip)
{
	char **env, **argv = (char **)(sp + 1);
	unsigned long *end = find_auxv(sp, &env);

	while (end[0])
		end += 2;
	end += 2;
	memmove(argv, argv + skip, (char *)end - (char *)(argv + skip));
	*sp -= skip;
	__libc.argc = *sp;
	__libc.auxv = find_auxv(sp, &env);
}

static _Noreturn void usage(void)
{
	__ldso_print(2, "usage: ", __libc.argv[0] ? __libc.argv[0] : "libc.so.1",
		" [--list] [--library-path PATH] [--preload LIST] [--argv0 NAME] PROGRAM [ARGUMENT...]\n"
		"This is the C library and dynamic linker; a program names it and the system runs it.\n", 0);
	plat_exit_group(127);
}

void __ldso_read_arguments(long *sp, struct options *o)
{
	char **argv = __libc.argv, *argv0 = 0;
	int i = 1;

	for (; argv[i] && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--list")) {
			__ldso_tracing = 1;
			continue;
		}
		if (!argv[i + 1])
			usage();
		if (!strcmp(argv[i], "--library-path"))
			__ldso_library_path = argv[++i];
		else if (!strcmp(argv[i], "--preload"))
			o->preload = argv[++i];
		else if (!strcmp(argv[i], "--argv0"))
			argv0 = argv[++i];
		else
			usage();
	}
	if (!argv[i])
		usage();
	o->program = argv[i];
	drop_arguments(sp, i);
	if (argv0)
		argv[0] = argv0;
}

static const char *hex(uintptr_t v, char buf[24])
{
	char *p = buf + 23;

	*p = 0;
	do
		*--p = "0123456789abcdef"[v & 15];
	while (v >>= 4);
	*--p = 'x';
	*--p = '0';
	return p;
}

void __ldso_list_objects(void)
{
	char buf[24];

	for (struct dso *d = __dso_head->next; d; d = d->next) {
		__ldso_print(1, "\t", d->soname, " => ", d->name);
		__ldso_print(1, " (", hex(d->base, buf), ")\n", 0);
	}
	plat_exit_group(__ldso_tracing > 1);
}
