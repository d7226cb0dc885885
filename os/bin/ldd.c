/* SPDX-License-Identifier: MIT */
/* ldd: the shared libraries that programs need: each file's own interpreter is asked (--list). */
#include <elf.h>
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define INTERPRETER "/lib/ld-calx-x86_64.so.1"	/* for libraries, which name none */
#define PHDRS 64

extern char **environ;

/* What there is to know of a file. */
struct object {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[PHDRS];
	char interpreter[256];
	int dynamic;
};

static int read_at(int fd, void *buf, size_t len, off_t off)
{
	return pread(fd, buf, len, off) == (ssize_t)len ? 0 : -1;
}

/* -1: no ELF file of this system. */
static int read_object(int fd, struct object *o)
{
	memset(o, 0, sizeof(*o));
	if (read_at(fd, &o->eh, sizeof(o->eh), 0) || memcmp(o->eh.e_ident, ELFMAG, SELFMAG)
			|| o->eh.e_ident[EI_CLASS] != ELFCLASS64 || o->eh.e_machine != EM_X86_64
			|| o->eh.e_phentsize != sizeof(Elf64_Phdr) || o->eh.e_phnum > PHDRS
			|| read_at(fd, o->ph, o->eh.e_phnum * sizeof(Elf64_Phdr), o->eh.e_phoff))
		return -1;
	for (const Elf64_Phdr *p = o->ph; p < o->ph + o->eh.e_phnum; p++) {
		o->dynamic |= p->p_type == PT_DYNAMIC;
		if (p->p_type == PT_INTERP && (p->p_filesz >= sizeof(o->interpreter)
				|| read_at(fd, o->interpreter, p->p_filesz, p->p_offset)))
			return -1;
	}
	return 0;
}

/* A static position-independent program has a dynamic section but needs nothing. */
static int is_shared(const struct object *o)
{
	return o->dynamic && (o->interpreter[0] || !o->eh.e_entry);
}

static int ask(const struct object *o, const char *path)
{
	char *name = strchr(path, '/') ? strdup(path) : NULL, *argv[4];
	int status, error;
	pid_t pid;

	if (!name && asprintf(&name, "./%s", path) < 0)
		err(1, NULL);
	argv[0] = (char *)(o->interpreter[0] ? o->interpreter : INTERPRETER);
	argv[1] = "--list";
	argv[2] = name;
	argv[3] = NULL;
	error = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	free(name);
	if (error) {
		warnc(error, "%s", argv[0]);
		return 1;
	}
	waitpid(pid, &status, 0);
	return status != 0;
}

static int list(const char *path)
{
	struct object o;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0) {
		warn("%s", path);
		return 1;
	}
	r = read_object(fd, &o);
	close(fd);
	if (r || !is_shared(&o)) {
		printf("\t%s\n", r ? "not a dynamic executable" : "statically linked");
		return r != 0;
	}
	return ask(&o, path);
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: ldd file...\n");
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		if (argc > 2)
			printf("%s:\n", argv[i]);
		fflush(stdout);
		status |= list(argv[i]);
	}
	return status;
}
