/* SPDX-License-Identifier: MIT */
/* exec.c: the exec family. */
#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../internal/ret.h"
#include "../internal/plat.h"

int execve(const char *path, char *const argv[], char *const envp[])
{
	return __ret(plat_execve(path, argv, envp));
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	return __ret(plat_fexecve(fd, argv, envp));
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* A file that is no program is a script of the shell. */
static void run_shell(const char *path, char *const argv[], char *const envp[])
{
	int argc = 0;

	while (argv[argc])
		argc++;
	char *args[argc + 2 + !argc];
	args[0] = (char *)_PATH_BSHELL;
	args[1] = (char *)path;
	for (int i = 1; i <= argc; i++)
		args[i + 1] = argv[i];
	if (!argc)
		args[2] = 0;
	plat_execve(_PATH_BSHELL, args, envp);
}

static int try_path(const char *path, char *const argv[], char *const envp[])
{
	int r = plat_execve(path, argv, envp);

	if (r == -ENOEXEC) {
		run_shell(path, argv, envp);
		r = -ENOEXEC;
	}
	return r;
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *path = getenv("PATH"), *end;
	char full[PATH_MAX];
	int denied = 0, r;
	size_t len = strlen(file);

	if (!len)
		return __ret(-ENOENT);
	if (strchr(file, '/'))
		return __ret(try_path(file, argv, envp));
	if (len > NAME_MAX)
		return __ret(-ENAMETOOLONG);
	if (!path)
		path = _PATH_DEFPATH;
	for (;; path = end + 1) {
		end = strchrnul(path, ':');
		size_t n = end - path;
		if (n + len + 2 <= sizeof(full)) {
			memcpy(full, path, n);
			full[n] = '/';
			memcpy(full + n + (n > 0), file, len + 1);
			r = try_path(full, argv, envp);
			if (r == -EACCES)
				denied = 1;
			else if (r != -ENOENT && r != -ENOTDIR)
				return __ret(r);
		}
		if (!*end)
			return __ret(denied ? -EACCES : -ENOENT);
	}
}

int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

static int count(const char *arg, va_list ap)
{
	int n = 0;

	for (; arg; n++)
		arg = va_arg(ap, const char *);
	return n;
}

/* Fills argv from the list; ap is left behind the ending NULL. */
static void collect(char **argv, const char *arg, va_list *ap)
{
	for (; (*argv++ = (char *)arg); )
		arg = va_arg(*ap, const char *);
}

int execl(const char *path, const char *arg, ...)
{
	va_list ap;

	va_start(ap, arg);
	int n = count(arg, ap);
	va_end(ap);
	char *argv[n + 1];
	va_start(ap, arg);
	collect(argv, arg, &ap);
	va_end(ap);
	return execve(path, argv, environ);
}

int execlp(const char *file, const char *arg, ...)
{
	va_list ap;

	va_start(ap, arg);
	int n = count(arg, ap);
	va_end(ap);
	char *argv[n + 1];
	va_start(ap, arg);
	collect(argv, arg, &ap);
	va_end(ap);
	return execvpe(file, argv, environ);
}

int execle(const char *path, const char *arg, ...)
{
	va_list ap;
	char **envp;

	va_start(ap, arg);
	int n = count(arg, ap);
	va_end(ap);
	char *argv[n + 1];
	va_start(ap, arg);
	collect(argv, arg, &ap);
	envp = va_arg(ap, char **);
	va_end(ap);
	return execve(path, argv, envp);
}
