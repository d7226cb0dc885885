/* SPDX-License-Identifier: MIT */
/* dlinfo.c: what is known of loaded objects: dladdr, dlinfo, dl_iterate_phdr, _dl_find_object. */
#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include "../internal/thread.h"
#include "dso.h"

static size_t symbol_count(const struct dso *d)
{
	const uint32_t *t = d->gnu_hash, *buckets;
	uint32_t last = 0;

	if (d->sysv_hash)
		return d->sysv_hash[1];
	if (!t)
		return 0;
	buckets = t + 4 + 2 * (size_t)t[2];
	for (uint32_t i = 0; i < t[0]; i++)
		if (buckets[i] > last)
			last = buckets[i];
	if (last < t[1])
		return t[1] < d->nsyms ? t[1] : d->nsyms;
	while (last < d->gnu_end && !(d->gnu_chain[last] & 1))
		last++;
	return last < d->gnu_end ? last + 1 : d->gnu_end;
}

/* The symbol that holds the address, or the last one of no size before it. */
static const Elf64_Sym *symbol_at(const struct dso *d, uintptr_t off)
{
	const Elf64_Sym *best = 0;

	for (size_t i = 0, n = symbol_count(d); i < n; i++) {
		const Elf64_Sym *s = d->syms + i;
		int type = ELF64_ST_TYPE(s->st_info);
		if (!s->st_value || s->st_shndx == SHN_UNDEF || s->st_value > off || type == STT_TLS
				|| s->st_shndx == SHN_ABS)
			continue;
		if (s->st_size && off >= s->st_value + s->st_size)
			continue;
		if (!best || s->st_value > best->st_value)
			best = s;
	}
	return best;
}

static int describe(const void *addr, Dl_info *info, struct dso **d, const Elf64_Sym **sym)
{
	*d = __ldso_object_of(addr);
	if (!*d)
		return 0;
	*sym = symbol_at(*d, (uintptr_t)addr - (*d)->base);
	info->dli_fname = __ldso_name(*d);
	info->dli_fbase = (*d)->map ? (void *)(*d)->map : (void *)((uintptr_t)(*d)->phdr & -4096ul);
	info->dli_sname = *sym ? __ldso_string(*d, (*sym)->st_name) : 0;
	info->dli_saddr = *sym ? (void *)((*d)->base + (*sym)->st_value) : 0;
	return 1;
}

int dladdr1(const void *addr, Dl_info *info, void **extra, int what)
{
	const Elf64_Sym *sym;
	struct dso *d;
	int r;

	__ldso_read_begin();
	r = describe(addr, info, &d, &sym);
	if (r && what == RTLD_DL_SYMENT)
		*(const Elf64_Sym **)extra = sym;
	else if (r && what == RTLD_DL_LINKMAP)
		*(struct dso **)extra = d;
	__ldso_read_end();
	return r;
}

int dladdr(const void *addr, Dl_info *info)
{
	return dladdr1(addr, info, 0, 0);
}

/* -- dlinfo -- */

struct dirs {
	Dl_serinfo *si;
	char *text;		/* NULL: only count */
	size_t size;
	unsigned n;
};

static void add_dir(const char *dir, void *arg)
{
	struct dirs *w = arg;

	if (w->text && w->n < w->si->dls_cnt) {
		w->si->dls_serpath[w->n] = (Dl_serpath){ w->text, 0 };
		w->text = stpcpy(w->text, dir) + 1;
	}
	w->n++;
	w->size += sizeof(Dl_serpath) + strlen(dir) + 1;
}

static void search_list(struct dso *d, Dl_serinfo *si, int fill)
{
	struct dirs w = { .si = si };

	if (fill)
		w.text = (char *)(si->dls_serpath + si->dls_cnt);
	__ldso_each_dir(d, add_dir, &w);
	if (!fill) {
		si->dls_cnt = w.n;
		si->dls_size = sizeof(*si) + w.size;
	}
}

static int inform(struct dso *d, int request, void *arg)
{
	switch (request) {
	case RTLD_DI_LMID: *(Lmid_t *)arg = LM_ID_BASE; return 0;
	case RTLD_DI_LINKMAP: *(struct dso **)arg = d; return 0;
	case RTLD_DI_SERINFOSIZE:
	case RTLD_DI_SERINFO: search_list(d, arg, request == RTLD_DI_SERINFO); return 0;
	case RTLD_DI_ORIGIN:
		if (__ldso_origin(d, arg, 4096))
			return 0;
		break;
	case RTLD_DI_TLS_MODID: *(size_t *)arg = d->tls.id; return 0;
	case RTLD_DI_TLS_DATA: *(void **)arg = d->tls.id ? (void *)__self()->dtv[d->tls.id] : 0; return 0;
	case RTLD_DI_PHDR: *(const Elf64_Phdr **)arg = d->phdr; return d->phnum;
	}
	__ldso_set_error("unsupported dlinfo request");
	return -1;
}

int dlinfo(void *handle, int request, void *arg)
{
	struct dso *d;
	int r = -1;

	__ldso_lock();
	for (d = __dso_head; d && d != handle; d = d->next)
		;
	if (d)
		r = inform(d, request, arg);
	else
		__ldso_set_error("invalid library handle");
	__ldso_unlock();
	return r;
}

/* -- all objects -- */

int dl_iterate_phdr(int (*fn)(struct dl_phdr_info *, size_t, void *), void *arg)
{
	int r = 0;

	__ldso_read_begin();
	for (struct dso *d = __dso_head; d && !r; d = __atomic_load_n(&d->next, __ATOMIC_ACQUIRE)) {
		struct dl_phdr_info info = { .dlpi_addr = d->base, .dlpi_name = d->name, .dlpi_phdr = d->phdr,
			.dlpi_phnum = d->phnum, .dlpi_adds = __ldso_adds, .dlpi_subs = __ldso_subs,
			.dlpi_tls_modid = d->tls.id };
		if (d->tls.id && d->tls.id <= __self()->dtv[0])
			info.dlpi_tls_data = (void *)__self()->dtv[d->tls.id];
		r = fn(&info, sizeof(info), arg);
	}
	__ldso_read_end();
	return r;
}

static void *eh_frame(const struct dso *d)
{
	for (const Elf64_Phdr *p = d->phdr; p < d->phdr + d->phnum; p++)
		if (p->p_type == DLFO_EH_SEGMENT_TYPE)
			return (void *)(d->base + p->p_vaddr);
	return 0;
}

int _dl_find_object(void *addr, struct dl_find_object *o)
{
	struct dso *d;
	void *eh;

	__ldso_read_begin();
	d = __ldso_object_of(addr);
	eh = d ? eh_frame(d) : 0;
	if (eh)
		*o = (struct dl_find_object){ .dlfo_map_start = d->map, .dlfo_map_end = d->map + d->map_len,
			.dlfo_link_map = (struct link_map *)d, .dlfo_eh_frame = eh };
	__ldso_read_end();
	return eh ? 0 : -1;
}
