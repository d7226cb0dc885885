/* SPDX-License-Identifier: MIT */
/* libc_start.c: from the kernel's stack to main. */
#include <elf.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "../internal/libc.h"
#include "../internal/plat.h"
#include "../internal/thread.h"

char **__environ;
weak_alias(__environ, environ);
weak_alias(__environ, _environ);
char *__progname = "", *__progname_full = "";
weak_alias(__progname, program_invocation_short_name);
weak_alias(__progname_full, program_invocation_name);

static void set_name(char *arg0)
{
	char *slash;

	if (!arg0)
		return;
	__progname_full = arg0;
	slash = strrchr(arg0, '/');
	__progname = slash ? slash + 1 : arg0;
}

/* A canary with a zero byte, so that string functions cannot copy it. */
__attribute__((no_stack_protector))
static void init_canary(unsigned long *auxv)
{
	const unsigned char *random = (void *)__auxv(auxv, AT_RANDOM);
	uintptr_t canary = (uintptr_t)auxv * 1103515245;

	if (random)
		memcpy(&canary, random, sizeof(canary));
	((unsigned char *)&canary)[1] = 0;
	__self()->canary = canary;
}

static void check_secure(unsigned long *auxv)
{
	struct pollfd p[3] = { {.fd = 0}, {.fd = 1}, {.fd = 2} };

	__libc.secure = __auxv(auxv, AT_SECURE) != 0;
	if (!__libc.secure)
		return;
	/* A set-user-id program must not find its files at the standard descriptors. */
	plat_ppoll(p, 3, &(struct timespec){0}, 0);
	for (int i = 0; i < 3; i++)
		if (p[i].revents & POLLNVAL)
			plat_openat(AT_FDCWD, "/dev/null", O_RDWR, 0);
}

/* Called by _start: main, the kernel's stack, the kernel's first argument register. */
__attribute__((no_stack_protector))
_Noreturn void __libc_start_main(int (*main)(int, char **, char **), long *stack, unsigned long arg)
{
	int argc = stack[0];
	char **argv = (char **)(stack + 1);
	char **envp = argv + argc + 1;
	char **end = envp;

	while (*end)
		end++;
	unsigned long *auxv = (unsigned long *)(end + 1);
	__environ = envp;
	__libc.auxv = auxv;
	__libc.argc = argc;
	__libc.argv = argv;
	if (!__libc.started) {
		plat_start(stack, arg, auxv);
		__init_static_tls(auxv);
		init_canary(auxv);
	}
	check_secure(auxv);
	set_name(argv[0]);
	__libc_start_init();
	exit(main(argc, argv, __environ));
}
