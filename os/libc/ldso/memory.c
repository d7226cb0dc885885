/* SPDX-License-Identifier: MIT */
/* memory.c: memory and messages of the dynamic linker, which works before malloc and stdio do. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "../internal/plat.h"
#include "../internal/thread.h"
#include "dso.h"

#define ARENA 65536

static unsigned char *arena, *arena_end;	/* under __ldso_lock */
hidden jmp_buf *__ldso_catch;

void *__ldso_alloc(size_t n)
{
	long map;
	size_t room;
	unsigned char *p;

	n = (n + 15) & -16ul;
	if ((size_t)(arena_end - arena) < n) {
		room = n > ARENA ? (n + 4095) & -4096ul : ARENA;
		map = plat_mmap(0, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (map < 0 && map > -4096)
			__ldso_fail("cannot allocate memory", 0, 0, 0);
		arena = (unsigned char *)map;
		arena_end = arena + room;
	}
	p = arena;
	arena += n;
	return p;
}

void __ldso_join(char *buf, size_t len, const char *a, const char *b, const char *c, const char *d)
{
	const char *part[] = { a, b, c, d };

	for (int i = 0; i < 4; i++)
		if (part[i])
			strlcat(buf, part[i], len);
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
	}
	return "Input/output error";
}

void __ldso_fail(const char *a, const char *b, const char *c, const char *d)
{
	char text[1024] = "";

	if (__ldso_catch) {
		__ldso_join(text, sizeof(text), a, b, c, d);
		__ldso_set_error(text);
		longjmp(*__ldso_catch, 1);
	}
	__ldso_join(text, sizeof(text), __libc.argv && __libc.argv[0] ? __libc.argv[0] : "ld.so",
		": error while loading shared libraries: ", a, b);
	__ldso_join(text, sizeof(text), c, d, "\n", 0);
	plat_write(2, text, strlen(text));
	plat_exit_group(127);
}
