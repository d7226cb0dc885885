/* SPDX-License-Identifier: MIT */
/* message.c: what the dynamic linker says; it works before stdio does. */
#include <errno.h>
#include <string.h>
#include "../internal/plat.h"
#include "dso.h"

hidden jmp_buf *__ldso_catch;

void __ldso_join(char *buf, size_t len, const char *a, const char *b, const char *c, const char *d)
{
	const char *part[] = { a, b, c, d };

	for (int i = 0; i < 4; i++)
		if (part[i])
			strlcat(buf, part[i], len);
}

void __ldso_print(int fd, const char *a, const char *b, const char *c, const char *d)
{
	const char *part[] = { a, b, c, d };

	for (int i = 0; i < 4; i++)
		if (part[i])
			plat_write(fd, part[i], strlen(part[i]));
}

const char *__ldso_errno(int err)
{
	switch (err) {
	case ENOENT:
	case ENOTDIR: return "No such file or directory";
	case EACCES: return "Permission denied";
	case ENOMEM: return "Cannot allocate memory";
	case EMFILE:
	case ENFILE: return "Too many open files";
	case ELOOP: return "Too many levels of symbolic links";
	case EISDIR: return "Is a directory";
	case ENAMETOOLONG: return "File name too long";
	}
	return "Input/output error";
}

const char *__ldso_name(const struct dso *d)
{
	if (d->name && d->name[0])
		return d->name;
	return __libc.argv && __libc.argv[0] ? __libc.argv[0] : "the program";
}

static _Noreturn void die(const char *what, const char *a, const char *b, const char *c, const char *d)
{
	char text[1024] = "";

	__ldso_join(text, sizeof(text), __libc.argv && __libc.argv[0] ? __libc.argv[0] : "ld.so", what, a, b);
	__ldso_join(text, sizeof(text) - 1, c, d, 0, 0);
	strlcat(text, "\n", sizeof(text));
	plat_write(2, text, strlen(text));
	plat_exit_group(127);
}

void __ldso_fail(const char *a, const char *b, const char *c, const char *d)
{
	char text[1024] = "";

	if (!__ldso_catch)
		die(": error while loading shared libraries: ", a, b, c, d);
	__ldso_join(text, sizeof(text), a, b, c, d);
	__ldso_set_error(text);
	longjmp(*__ldso_catch, 1);
}

void __ldso_fail_lookup(const char *a, const char *b)
{
	die(": symbol lookup error: ", a, b, 0, 0);
}
