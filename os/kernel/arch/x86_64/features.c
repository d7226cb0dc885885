/* SPDX-License-Identifier: MIT */
/* What this CPU can do; FPU state. All CPUs are taken to be alike. */
#include "arch/x86_64/asm.h"
#include "core/errno.h"
#include "core/lib.h"
#include "core/log.h"

struct cpu_feature cpu_feature;
uint8_t cpu_avx;			/* entry.S copies with 256-bit registers */
uint8_t cpu_xsave;		/* FPU state by XSAVE, else FXSAVE */

extern const uint64_t user_patch[], user_patch_end[];

static uint8_t fpu_clean[4096] __attribute__((aligned(64)));

static void patch_smap_away(void)
{
	static const uint8_t nop3[3] = { 0x0f, 0x1f, 0x00 };

	for (const uint64_t *p = user_patch; p < user_patch_end; p++)
		memcpy(phys_to_virt(*p - KERNEL_BASE), nop3, 3);	/* code itself is read-only */
}

static void find_xsave(void)
{
	uint32_t r[4];

	cpuid(0xd, 0, r);
	cpu_feature.xcr0 = (r[0] | (uint64_t)r[3] << 32) & 0xe7;	/* x87 SSE AVX AVX512 */
	if ((cpu_feature.xcr0 & 0xe0) != 0xe0)
		cpu_feature.xcr0 &= 7;
	cpuid(0xd, 1, r);
	cpu_feature.xsaveopt = r[0] & 1;
}

void cpu_features_early(void)
{
	uint32_t r[4], max;
	struct cpu_feature *f = &cpu_feature;

	cpuid(0, 0, r);
	max = r[0];
	cpuid(1, 0, r);
	f->rdrand = r[2] >> 30 & 1;
	f->xsave = (r[2] >> 26 & 1) && max >= 0xd;
	f->pcid = r[2] >> 17 & 1;
	if (max >= 7) {
		cpuid(7, 0, r);
		f->smep = r[1] >> 7 & 1;
		f->smap = r[1] >> 20 & 1;
		f->rdseed = r[1] >> 18 & 1;
		f->umip = r[2] >> 2 & 1;
	}
	f->fpu_size = 512;
	if (f->xsave)
		find_xsave();
	if (!f->smap)
		patch_smap_away();
}

static void xsetbv(uint64_t v)
{
	__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)));
}

void cpu_features_enable(void)
{
	struct cpu_feature *f = &cpu_feature;
	uint64_t cr4 = read_cr4() | CR4_PGE;
	uint32_t r[4];

	cr4 |= (f->smep ? CR4_SMEP : 0) | (f->smap ? CR4_SMAP : 0) | (f->umip ? CR4_UMIP : 0);
	write_cr4(cr4 | (f->xsave ? CR4_OSXSAVE : 0));
	wrmsr(MSR_PAT, 0x0007040100070406);	/* 0 WB, 1 WT, 2 UC-, 3 UC, 4 WC */
	if (f->xsave) {
		xsetbv(f->xcr0);
		cpuid(0xd, 0, r);
		f->fpu_size = (r[1] + 63) & ~63u;
		kassert(f->fpu_size <= sizeof(fpu_clean));
	}
	cpu_avx = (f->xcr0 & 4) != 0;
	cpu_xsave = f->xsave;
	__asm__ volatile("fninit");
	*(uint16_t *)fpu_clean = 0x37f;
	*(uint32_t *)(fpu_clean + 24) = 0x1f80;
	fpu_restore(fpu_clean);
}

size_t fpu_size(void)
{
	return cpu_feature.fpu_size;
}

uint64_t fpu_components(void)
{
	return cpu_feature.xsave ? cpu_feature.xcr0 : 3;
}

void fpu_save(void *area)
{
	fpu_save_fast(area);
}

void fpu_restore(const void *area)
{
	fpu_restore_fast(area);
}

void fpu_init_area(void *area)
{
	memcpy(area, fpu_clean, cpu_feature.fpu_size);
}

int fpu_sanitize(void *area, size_t n)
{
	uint8_t *a = area;
	uint64_t *header = (uint64_t *)(a + 512);

	if (n < cpu_feature.fpu_size)
		return -EINVAL;
	*(uint32_t *)(a + 24) &= 0xffff;	/* MXCSR: reserved bits fault */
	*(uint32_t *)(a + 28) = 0xffff;
	if (!cpu_feature.xsave)
		return 0;
	header[0] &= cpu_feature.xcr0;
	memset(header + 1, 0, 56);
	return 0;
}

void cpu_set_fs(uint64_t base)
{
	wrmsr(MSR_FS_BASE, base);
}

uint32_t io_in(int width, uint16_t port)
{
	uint32_t v = 0;

	if (width == 1)
		__asm__ volatile("inb %w1,%b0" : "+a"(v) : "Nd"(port));
	else if (width == 2)
		__asm__ volatile("inw %w1,%w0" : "+a"(v) : "Nd"(port));
	else
		__asm__ volatile("inl %w1,%0" : "=a"(v) : "Nd"(port));
	return v;
}

void io_out(int width, uint16_t port, uint32_t v)
{
	if (width == 1)
		__asm__ volatile("outb %b0,%w1" : : "a"(v), "Nd"(port));
	else if (width == 2)
		__asm__ volatile("outw %w0,%w1" : : "a"(v), "Nd"(port));
	else
		__asm__ volatile("outl %0,%w1" : : "a"(v), "Nd"(port));
}
