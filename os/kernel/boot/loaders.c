/* SPDX-License-Identifier: MIT */
/* What the loader says, in its two dialects, brought into boot_info. Runs before any allocator. */
#include "boot/private.h"
#include "defs.h"

struct boot_info boot_info;

struct pvh_start {
	uint32_t magic, version, flags, nmodules;
	uint64_t modules, cmdline, rsdp, memmap;
	uint32_t nmap, reserved;
};
struct pvh_module { uint64_t base, size, cmdline, reserved; };
struct pvh_range { uint64_t base, size; uint32_t type, reserved; };

#define PVH_MAGIC	0x336ec578
#define MB2_MAGIC	0x36d76289

static void add_map(uint64_t base, uint64_t len, bool ram)
{
	uint32_t i = boot_info.nmap;

	if (i == sizeof(boot_info.map) / sizeof(boot_info.map[0]))
		return;
	boot_info.map[i] = (struct boot_range){ base, len, ram };
	boot_info.nmap++;
}

static void pvh(uint64_t pa)
{
	const struct pvh_start *s = phys_to_virt(pa);
	const struct pvh_module *m = phys_to_virt(s->modules);
	const struct pvh_range *r = phys_to_virt(s->memmap);

	if (s->magic != PVH_MAGIC || s->version < 1)
		panic("bad PVH start information");
	if (s->cmdline != 0)
		strlcpy(boot_info.cmdline, phys_to_virt(s->cmdline), sizeof(boot_info.cmdline));
	if (s->nmodules != 0) {
		boot_info.initrd = m->base;
		boot_info.initrd_len = m->size;
	}
	boot_info.rsdp = s->rsdp;
	for (uint32_t i = 0; i < s->nmap; i++)
		add_map(r[i].base, r[i].size, r[i].type == 1);
}

struct mb2_tag { uint32_t type, size; };
struct mb2_module { struct mb2_tag t; uint32_t start, end; char cmdline[]; };
struct mb2_mmap { struct mb2_tag t; uint32_t entry_size, entry_version; uint8_t entries[]; };
struct mb2_entry { uint64_t base, len; uint32_t type, zero; };
struct mb2_fb { struct mb2_tag t; uint64_t addr; uint32_t pitch, width, height; uint8_t bpp, type; };

static void mb2_map(const struct mb2_mmap *m)
{
	for (uint32_t off = sizeof(*m); off + sizeof(struct mb2_entry) <= m->t.size; off += m->entry_size) {
		const struct mb2_entry *e = (const void *)((const uint8_t *)m + off);

		add_map(e->base, e->len, e->type == 1);
	}
}

static uint64_t rsdp_copy(const struct mb2_tag *t)
{
	static uint8_t copy[64] __attribute__((aligned(16)));
	uint32_t n = t->size - 8;

	memcpy(copy, t + 1, n < sizeof(copy) ? n : sizeof(copy));
	return (uint64_t)copy - KERNEL_BASE;
}

static void mb2_tag(const struct mb2_tag *t)
{
	const struct mb2_module *m = (const void *)t;
	const struct mb2_fb *f = (const void *)t;

	switch (t->type) {
	case 1:
		strlcpy(boot_info.cmdline, (const char *)(t + 1), sizeof(boot_info.cmdline));
		break;
	case 3:
		if (boot_info.initrd_len != 0)
			break;
		boot_info.initrd = m->start;
		boot_info.initrd_len = m->end - m->start;
		break;
	case 6:
		mb2_map((const void *)t);
		break;
	case 8:
		if (f->type == 1)
			boot_info.fb = (struct dev_fb){ f->addr, f->width, f->height, f->pitch, f->bpp };
		break;
	case 14:
	case 15:	/* the newer one comes later or is the only one */
		boot_info.rsdp = rsdp_copy(t);
		break;
	}
}

static void multiboot(uint64_t pa)
{
	const uint8_t *info = phys_to_virt(pa);
	uint32_t total = *(const uint32_t *)info;

	for (uint32_t off = 8; off + 8 <= total; ) {
		const struct mb2_tag *t = (const void *)(info + off);

		if (t->type == 0 || t->size < 8)
			break;
		mb2_tag(t);
		off += (t->size + 7) & ~7u;
	}
}

void boot_parse(uint32_t how, uint64_t info)
{
	if (how == 0)
		pvh(info);
	else if (how == MB2_MAGIC)
		multiboot(info);
	else
		panic("unknown boot loader, magic %x", how);
	if (boot_info.nmap == 0)
		panic("the boot loader gave no memory map");
}

const char *boot_option(const char *name, char *buf, uint64_t n)
{
	size_t len = strlen(name);
	const char *p = boot_info.cmdline;

	for (; *p != 0; p++) {
		bool start = p == boot_info.cmdline || p[-1] == ' ';
		uint64_t i = 0;

		if (!start || strncmp(p, name, len) != 0 || (p[len] != '=' && p[len] != ' ' && p[len] != 0))
			continue;
		p += len + (p[len] == '=');
		while (i + 1 < n && *p != 0 && *p != ' ')
			buf[i++] = *p++;
		buf[i] = 0;
		return buf;
	}
	return NULL;
}
