/* SPDX-License-Identifier: MIT */
/* debugger.c: see debugger.h. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "debugger.h"
#include "srv.h"

#define MODULES_MAX	256
#define PHDRS_MAX	64
#define STRINGS_MAX	100000

int64_t debug_attach(uint32_t pid, uint32_t flags)
{
	struct msg m = { .w = { P_DEBUG, pid, flags } };
	int64_t r = sys_call(srv_start()->procd, &m);

	return r < 0 ? r : m.nh ? m.h[0] : -EIO;
}

int64_t debug_next(handle_t d, struct debug_event *ev, int64_t deadline)
{
	return sys6(SYS_debug_wait, SYS_ARG(d), SYS_ARG(ev), (uint64_t)deadline, 0, 0, 0);
}

int64_t debug_do(handle_t d, int op, uint32_t tid, uint64_t a, uint64_t b, uint64_t c)
{
	return sys6(SYS_debug, SYS_ARG(d), (uint64_t)op, tid, a, b, c);
}

int64_t debug_read(handle_t d, uint64_t addr, void *buf, size_t n)
{
	return debug_do(d, DEBUG_READ, 0, addr, (uint64_t)buf, n);
}

int debug_read_all(handle_t d, uint64_t addr, void *buf, size_t n)
{
	return debug_read(d, addr, buf, n) == (int64_t)n ? 0 : -EFAULT;
}

int64_t debug_read_text(handle_t d, uint64_t addr, char *buf, size_t size)
{
	int64_t n = debug_read(d, addr, buf, size - 1);

	if (n < 0)
		return n;
	buf[n] = '\0';
	return (int64_t)strlen(buf);
}

/* Before libc has run: on the stack that the program starts with, behind arguments and environment. 0: no. */
static uint64_t auxv_of_start(handle_t d, uint32_t pid)
{
	struct debug_regs r;
	uint64_t word, at;

	if (debug_do(d, DEBUG_GETREGS, pid, (uint64_t)&r, 0, 0) < 0 || debug_read_all(d, r.rsp, &word, 8) ||
	    word > STRINGS_MAX)
		return 0;
	at = r.rsp + 8 * (word + 2);
	for (int i = 0; i < STRINGS_MAX; i++, at += 8) {
		if (debug_read_all(d, at, &word, 8))
			return 0;
		if (!word)
			return at + 8;
	}
	return 0;
}

int64_t debug_auxv(handle_t d, uint64_t *auxv, size_t size)
{
	struct debug_info info;
	uint64_t at;
	int64_t n = debug_do(d, DEBUG_INFO, 0, (uint64_t)&info, 0, 0);

	if (n >= 0)
		n = debug_read_all(d, info.page + offsetof(struct proc_page, auxv), &at, sizeof(at));
	if (n < 0)
		return n;
	if (!at && !(at = auxv_of_start(d, info.pid)))
		return -ENOENT;
	n = debug_read(d, at, auxv, size & -16ul);
	for (int64_t i = 0; i + 16 <= n; i += 16)
		if (auxv[i / 8] == AT_NULL)
			return i + 16;
	return n < 0 ? n : -ENOENT;
}

static uint64_t aux_value(const uint64_t *auxv, int64_t n, uint64_t key)
{
	for (int64_t i = 0; i + 16 <= n; i += 16)
		if (auxv[i / 8] == key)
			return auxv[i / 8 + 1];
	return 0;
}

/* -- the files -- */

static const Elf64_Shdr *section(const struct module *m, unsigned i)
{
	const Elf64_Ehdr *e = m->map;

	if (i >= e->e_shnum || e->e_shentsize != sizeof(Elf64_Shdr) || e->e_shoff > m->size ||
	    (m->size - e->e_shoff) / sizeof(Elf64_Shdr) <= i)
		return NULL;
	return (const Elf64_Shdr *)((const char *)m->map + e->e_shoff) + i;
}

static int inside(const struct module *m, const Elf64_Shdr *s)
{
	return s && s->sh_offset <= m->size && s->sh_size <= m->size - s->sh_offset;
}

/* Takes the symbols of the last section of this type that makes sense. */
static void find_symbols(struct module *m, unsigned type)
{
	const Elf64_Ehdr *e = m->map;

	for (unsigned i = 0; i < e->e_shnum && !m->syms; i++) {
		const Elf64_Shdr *s = section(m, i), *names;
		if (!s || s->sh_type != type || !inside(m, s))
			continue;
		names = section(m, s->sh_link);
		if (!inside(m, names))
			continue;
		m->syms = (const char *)m->map + s->sh_offset;
		m->nsyms = s->sh_size / sizeof(Elf64_Sym);
		m->names = (const char *)m->map + names->sh_offset;
		m->names_size = names->sh_size;
	}
}

static void map_file(struct module *m)
{
	struct stat st;
	int fd = open(m->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(Elf64_Ehdr)) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p != MAP_FAILED) {
			m->map = p;
			m->size = (size_t)st.st_size;
		}
	}
	close(fd);
	if (!m->map || memcmp(m->map, ELFMAG, SELFMAG) || ((Elf64_Ehdr *)m->map)->e_ident[EI_CLASS] != ELFCLASS64)
		return;
	find_symbols(m, SHT_SYMTAB);
	find_symbols(m, SHT_DYNSYM);
}

/* -- what is loaded -- */

static void span(struct module *m, const Elf64_Phdr *ph, unsigned n)
{
	m->start = UINT64_MAX;
	for (unsigned i = 0; i < n; i++) {
		if (ph[i].p_type != PT_LOAD)
			continue;
		uint64_t a = m->base + ph[i].p_vaddr, b = a + ph[i].p_memsz;
		m->start = a < m->start ? a : m->start;
		m->end = b > m->end ? b : m->end;
	}
	m->start &= -4096ul;
}

static struct module *module_new(struct module ***tail)
{
	struct module *m = calloc(1, sizeof(*m));

	if (m) {
		**tail = m;
		*tail = &m->next;
	}
	return m;
}

/* The program, by its auxiliary vector; *dynamic: address of its dynamic section or 0. */
static struct module *add_program(handle_t d, struct module ***tail, uint64_t *dynamic)
{
	uint64_t auxv[64];
	int64_t n = debug_auxv(d, auxv, sizeof(auxv));
	uint64_t at = n < 0 ? 0 : aux_value(auxv, n, AT_PHDR), num = n < 0 ? 0 : aux_value(auxv, n, AT_PHNUM);
	Elf64_Phdr ph[PHDRS_MAX];
	struct module *m;

	*dynamic = 0;
	if (!at || num > PHDRS_MAX || debug_read_all(d, at, ph, num * sizeof(*ph)) || !(m = module_new(tail)))
		return NULL;
	for (uint64_t i = 0; i < num; i++)
		if (ph[i].p_type == PT_LOAD && ph[i].p_offset == 0)
			m->base = at - sizeof(Elf64_Ehdr) - ph[i].p_vaddr;
	span(m, ph, (unsigned)num);
	for (uint64_t i = 0; i < num; i++)
		if (ph[i].p_type == PT_DYNAMIC)
			*dynamic = m->base + ph[i].p_vaddr;
	if (debug_read_text(d, aux_value(auxv, n, AT_EXECFN), m->path, sizeof(m->path)) < 0)
		m->path[0] = '\0';
	map_file(m);
	return m;
}

/* Where the program's dynamic section says that the list of modules is. */
static uint64_t list_head(handle_t d, uint64_t dynamic)
{
	struct r_debug r;
	Elf64_Dyn dyn;

	for (int i = 0; dynamic && i < 256; i++) {
		if (debug_read_all(d, dynamic + (uint64_t)i * sizeof(dyn), &dyn, sizeof(dyn)) || dyn.d_tag == DT_NULL)
			return 0;
		if (dyn.d_tag != DT_DEBUG)
			continue;
		if (!dyn.d_un.d_ptr || debug_read_all(d, dyn.d_un.d_ptr, &r, sizeof(r)))
			return 0;
		return (uint64_t)r.r_map;
	}
	return 0;
}

static void add_library(handle_t d, struct module ***tail, const struct link_map *l)
{
	Elf64_Ehdr e;
	Elf64_Phdr ph[PHDRS_MAX];
	struct module *m = module_new(tail);

	if (!m)
		return;
	m->base = l->l_addr;
	if (debug_read_text(d, (uint64_t)l->l_name, m->path, sizeof(m->path)) < 0)
		m->path[0] = '\0';
	if (debug_read_all(d, m->base, &e, sizeof(e)) == 0 && e.e_phnum <= PHDRS_MAX &&
	    debug_read_all(d, m->base + e.e_phoff, ph, e.e_phnum * sizeof(*ph)) == 0)
		span(m, ph, e.e_phnum);
	map_file(m);
}

struct module *modules_of(handle_t d)
{
	struct module *list = NULL, **tail = &list, *program;
	struct link_map l;
	uint64_t dynamic, at;

	program = add_program(d, &tail, &dynamic);
	at = program ? list_head(d, dynamic) : 0;
	for (int i = 0; at && i < MODULES_MAX && debug_read_all(d, at, &l, sizeof(l)) == 0; i++) {
		if (l.l_addr != program->base)
			add_library(d, &tail, &l);
		at = (uint64_t)l.l_next;
	}
	return list;
}

void modules_free(struct module *m)
{
	while (m) {
		struct module *next = m->next;
		if (m->map)
			munmap(m->map, m->size);
		free(m);
		m = next;
	}
}

/* -- names -- */

static const char *name_of(const struct module *m, const Elf64_Sym *s)
{
	const char *text = (const char *)m->names + s->st_name;

	if (s->st_name >= m->names_size || !memchr(text, 0, m->names_size - s->st_name) || !*text)
		return NULL;
	return text;
}

/* The function that addr (of the file) lies in, or behind which it lies. */
static const Elf64_Sym *nearest(const struct module *m, uint64_t addr)
{
	const Elf64_Sym *best = NULL, *s = m->syms;

	for (size_t i = 0; i < m->nsyms; i++, s++) {
		int type = ELF64_ST_TYPE(s->st_info);
		if (s->st_shndx == SHN_UNDEF || (type != STT_FUNC && type != STT_NOTYPE) || s->st_value > addr ||
		    !name_of(m, s))
			continue;
		if (s->st_size && addr - s->st_value >= s->st_size)
			continue;
		if (!best || s->st_value > best->st_value || (s->st_value == best->st_value && type == STT_FUNC))
			best = s;
	}
	return best;
}

const char *address_name(struct module *list, uint64_t addr, char *buf, size_t size)
{
	for (struct module *m = list; m; m = m->next) {
		const Elf64_Sym *s;
		if (addr < m->start || addr >= m->end)
			continue;
		s = nearest(m, addr - m->base);
		if (s)
			snprintf(buf, size, "%s+%#lx (%s)", name_of(m, s),
				 (unsigned long)(addr - m->base - s->st_value), m->path);
		else
			snprintf(buf, size, "%s+%#lx", m->path, (unsigned long)(addr - m->base));
		return buf;
	}
	snprintf(buf, size, "%#lx", (unsigned long)addr);
	return buf;
}

const char *signal_name(int signo)
{
	static const char *const names[] = {
		[1] = "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL",
		"SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT",
		"SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF",
		"SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
	};
	static char other[24];

	if (signo > 0 && signo < (int)(sizeof(names) / sizeof(names[0])))
		return names[signo];
	snprintf(other, sizeof(other), "signal %d", signo);
	return other;
}
