/* SPDX-License-Identifier: MIT */
/*
 * Core files: ELF, ET_CORE, in the layout of Linux on x86_64: a PT_NOTE with registers of all threads
 * (who crashed is first), the process, the signal, the auxiliary vector and the mapped files; a PT_LOAD
 * for each mapping. Pages of zeros are holes; unchanged code of files is left out but for its first
 * page, by which debuggers know the file.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "crashd.h"

#define PAGE		4096ul
#define MAPS_MAX	2048
#define THREADS_MAX	512
#define NOTES_MAX	(4ul << 20)

struct prstatus {
	int32_t si_signo, si_code, si_errno;
	int16_t cursig, pad;
	uint64_t sigpend, sighold;
	int32_t pid, ppid, pgrp, sid;
	int64_t utime[2], stime[2], cutime[2], cstime[2];
	struct debug_regs regs;
	int32_t fpvalid, pad2;
};
_Static_assert(sizeof(struct prstatus) == 336, "as Linux's");

struct prpsinfo {
	char state, sname, zomb, nice;
	uint64_t flag;
	uint32_t uid, gid;
	int32_t pid, ppid, pgrp, sid;
	char fname[16], psargs[80];
};
_Static_assert(sizeof(struct prpsinfo) == 136, "as Linux's");

struct core {
	struct crash *c;
	int fd;
	uint64_t limit;
	char *notes;
	size_t len;
	struct debug_map *maps;
	int64_t nmaps;
};

/* -- notes -- */

static void *note(struct core *k, uint32_t type, const void *data, size_t n)
{
	Elf64_Nhdr h = { 5, (Elf64_Word)n, type };
	const char *owner = type == NT_X86_XSTATE ? "LINUX" : "CORE";
	size_t name = (strlen(owner) + 1 + 3) & -4ul, room = sizeof(h) + name + ((n + 3) & -4ul);
	char *p = k->notes + k->len;

	if (NOTES_MAX - k->len < room)
		return NULL;
	h.n_namesz = (Elf64_Word)strlen(owner) + 1;
	memset(p, 0, room);
	memcpy(p, &h, sizeof(h));
	memcpy(p + sizeof(h), owner, strlen(owner));
	if (data)
		memcpy(p + sizeof(h) + name, data, n);
	k->len += room;
	return p + sizeof(h) + name;
}

static void add_thread(struct core *k, const struct debug_thread *t)
{
	struct prstatus s = { .pid = (int32_t)t->tid, .ppid = (int32_t)k->c->info.ppid, .fpvalid = 1,
		.sigpend = t->pending, .sighold = t->sigmask };
	uint8_t fp[8192] __attribute__((aligned(64)));
	int64_t n;

	if (debug_do(k->c->d, DEBUG_GETREGS, t->tid, (uint64_t)&s.regs, 0, 0) < 0)
		return;
	if (t->tid == k->c->tid)
		s.si_signo = s.cursig = (int16_t)k->c->signo;
	s.utime[0] = (int64_t)(k->c->info.ns_user / 1000000000);
	s.stime[0] = (int64_t)(k->c->info.ns_sys / 1000000000);
	note(k, NT_PRSTATUS, &s, sizeof(s));
	n = debug_do(k->c->d, DEBUG_GETFP, t->tid, (uint64_t)fp, sizeof(fp), 0);
	if (n < 512)
		return;
	note(k, NT_FPREGSET, fp, 512);
	if (n > 576)
		note(k, NT_X86_XSTATE, fp, (size_t)n);
}

static void add_threads(struct core *k)
{
	static struct debug_thread list[THREADS_MAX];
	int64_t n = debug_do(k->c->d, DEBUG_LIST, 0, (uint64_t)list, THREADS_MAX, 0);

	n = n < THREADS_MAX ? n : THREADS_MAX;
	for (int64_t i = 0; i < n; i++)
		if (list[i].tid == k->c->tid)
			add_thread(k, &list[i]);
	for (int64_t i = 0; i < n; i++)
		if (list[i].tid != k->c->tid)
			add_thread(k, &list[i]);
}

static void add_process(struct core *k)
{
	const struct debug_info *i = &k->c->info;
	struct prpsinfo p = { .sname = 'R', .uid = CRED_UID(i->cred), .gid = CRED_GID(i->cred),
		.pid = (int32_t)i->pid, .ppid = (int32_t)i->ppid };
	struct abi_siginfo si = { .signo = k->c->signo, .u.fault.addr = k->c->addr };
	uint64_t auxv[64];
	int64_t n;

	strlcpy(p.fname, i->name, sizeof(p.fname));
	strlcpy(p.psargs, i->name, sizeof(p.psargs));
	note(k, NT_PRPSINFO, &p, sizeof(p));
	note(k, NT_SIGINFO, &si, sizeof(si));
	n = debug_auxv(k->c->d, auxv, sizeof(auxv));
	if (n > 0)
		note(k, NT_AUXV, auxv, (size_t)n);
}

static const struct module *module_at(struct core *k, uint64_t addr)
{
	for (const struct module *m = k->c->modules; m; m = m->next)
		if (addr >= m->start && addr < m->end)
			return m;
	return NULL;
}

/* NT_FILE: count, page size, {start, end, offset in pages} and then the names. */
static void add_files(struct core *k)
{
	size_t size = 16, count = 0, at;
	uint64_t *w;

	for (int64_t i = 0; i < k->nmaps; i++) {
		const struct module *m = k->maps[i].mem ? module_at(k, k->maps[i].start) : NULL;
		if (m) {
			count++;
			size += 24 + strlen(m->path) + 1;
		}
	}
	w = count ? note(k, NT_FILE, NULL, size) : NULL;
	if (!w)
		return;
	w[0] = count;
	w[1] = PAGE;
	at = 16 + count * 24;
	for (int64_t i = 0, n = 0; i < k->nmaps; i++) {
		const struct module *m = k->maps[i].mem ? module_at(k, k->maps[i].start) : NULL;
		if (!m)
			continue;
		w[2 + n * 3] = k->maps[i].start;
		w[3 + n * 3] = k->maps[i].end;
		w[4 + n * 3] = k->maps[i].off / PAGE;
		n++;
		strcpy((char *)w + at, m->path);
		at += strlen(m->path) + 1;
	}
}

/* -- memory -- */

/* How much of a mapping goes into the file. */
static uint64_t kept(struct core *k, const struct debug_map *m)
{
	char magic[SELFMAG];

	if (m->flags & (DEBUG_M_DEVICE | DEBUG_M_KERNEL) || !m->prot)
		return 0;
	if (!m->mem || m->prot & 2)
		return m->end - m->start;
	if (m->off == 0 && debug_read_all(k->c->d, m->start, magic, SELFMAG) == 0 && !memcmp(magic, ELFMAG, SELFMAG))
		return PAGE;
	return 0;
}

static int all_zero(const char *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static int write_map(struct core *k, const struct debug_map *m, uint64_t at)
{
	static char buf[16 * PAGE];
	uint64_t n = kept(k, m);

	for (uint64_t done = 0; done < n; done += PAGE) {
		if (done % sizeof(buf) == 0) {
			memset(buf, 0, sizeof(buf));
			debug_read(k->c->d, m->start + done, buf, n - done < sizeof(buf) ? n - done : sizeof(buf));
		}
		const char *page = buf + done % sizeof(buf);
		if (at + done + PAGE > k->limit)
			return 0;		/* cut, as RLIMIT_CORE says */
		if (!all_zero(page, PAGE) && pwrite(k->fd, page, PAGE, (off_t)(at + done)) != (ssize_t)PAGE)
			return -errno;
	}
	return 0;
}

static int write_headers(struct core *k, uint64_t *data)
{
	Elf64_Ehdr e = { .e_type = ET_CORE, .e_machine = EM_X86_64, .e_version = EV_CURRENT, .e_phoff = sizeof(e),
		.e_ehsize = sizeof(e), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = (Elf64_Half)(k->nmaps + 1) };
	size_t size = (size_t)(k->nmaps + 1) * sizeof(Elf64_Phdr);
	Elf64_Phdr *ph = calloc((size_t)k->nmaps + 1, sizeof(*ph));
	uint64_t at = sizeof(e) + size;
	int ok;

	if (!ph)
		return -ENOMEM;
	memcpy(e.e_ident, "\177ELF\2\1\1", 7);
	ph[0] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = at, .p_filesz = k->len, .p_align = 4 };
	at = *data = (at + k->len + PAGE - 1) & -PAGE;
	for (int64_t i = 0; i < k->nmaps; i++) {
		const struct debug_map *m = &k->maps[i];
		uint32_t f = (m->prot & 1 ? PF_R : 0) | (m->prot & 2 ? PF_W : 0) | (m->prot & 4 ? PF_X : 0);
		ph[i + 1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = f, .p_offset = at, .p_vaddr = m->start,
			.p_filesz = kept(k, m), .p_memsz = m->end - m->start, .p_align = PAGE };
		at += ph[i + 1].p_filesz;
	}
	ok = pwrite(k->fd, &e, sizeof(e), 0) == (ssize_t)sizeof(e) &&
	     pwrite(k->fd, ph, size, sizeof(e)) == (ssize_t)size &&
	     pwrite(k->fd, k->notes, k->len, (off_t)(sizeof(e) + size)) == (ssize_t)k->len &&
	     ftruncate(k->fd, (off_t)(at < k->limit ? at : k->limit)) == 0;
	free(ph);
	return ok ? 0 : -errno;
}

static int write_all(struct core *k)
{
	uint64_t at;
	int err;

	add_threads(k);
	add_process(k);
	add_files(k);
	err = write_headers(k, &at);
	for (int64_t i = 0; i < k->nmaps && !err; i++) {
		err = write_map(k, &k->maps[i], at);
		at += kept(k, &k->maps[i]);
	}
	return err;
}

int core_write(struct crash *c, const char *path, uint64_t limit)
{
	struct core k = { .c = c, .limit = limit, .notes = malloc(NOTES_MAX),
		.maps = calloc(MAPS_MAX, sizeof(struct debug_map)) };
	int err = k.notes && k.maps ? 0 : -ENOMEM;

	if (!err) {
		k.nmaps = debug_do(c->d, DEBUG_MAPS, 0, (uint64_t)k.maps, MAPS_MAX, 0);
		err = k.nmaps < 0 ? (int)k.nmaps : 0;
	}
	if (!err) {
		k.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
		err = k.fd < 0 ? -errno : write_all(&k);
		if (k.fd >= 0)
			close(k.fd);
		if (err)
			unlink(path);
	}
	free(k.notes);
	free(k.maps);
	return err;
}
