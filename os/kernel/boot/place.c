/* SPDX-License-Identifier: MIT */
/*
 * Where the kernel lies. Called by start.S at the physical address where the loader put the image, with 4 GiB
 * mapped identically: chooses the addresses of image, memory and stacks, writes them into the image and
 * fills the boot page table with final rights. Compiled position-independent: until this returns no
 * absolute address of the kernel is true, so nothing of other files is called.
 */
#include <stdbool.h>
#include <stdint.h>

#include "boot/private.h"

#define PAGE		4096ul
#define GIB		(1ul << 30)
#define TABLES		5		/* 2 MiB each: kernel.ld */
#define PTE_P		1ul
#define PTE_W		2ul
#define PTE_G		0x100ul
#define PTE_NX		(1ul << 63)

#define ROOM		(0x7fe00000ul)	/* of the topmost 2 GiB, the last 2 MiB stay free */
#define MEMORY_SLOTS	120		/* entries of the root, from 256 on */
#define MEMORY_MAX	16		/* GiB: direct_map_extend */
#define STACK_SLOTS	64		/* entries from 384 on */
#define STACK_ALIGN	0x8000ul	/* kstack.c */

#pragma GCC visibility push(hidden)
uint64_t direct_map = 0xffff800000000000;
uint64_t stack_area = 0xffffc00000000000;
uint64_t kernel_base = KERNEL_LINKED;
uint64_t stack_canary;

extern uint8_t kernel_start[], text_end[], rodata_end[], kernel_end[];
extern const uint32_t kernel_relocs[], kernel_relocs_end[];
extern uint64_t boot_pml4[512], boot_pdpt_high[512], boot_pdpt_direct[512], boot_pd[5][512];
void boot_place(uint32_t how, uint64_t info);
#pragma GCC visibility pop

static uint64_t tables[TABLES][512] __attribute__((aligned(4096)));
static uint64_t high_pd[2][512] __attribute__((aligned(4096)));

static bool has_rdrand(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return c >> 30 & 1;
}

/* Better than nothing where the CPU has no random numbers: how long the firmware took. */
static uint64_t entropy(void)
{
	uint32_t lo, hi;
	uint64_t x = 0;
	uint8_t ok = 0;

	for (int i = 0; i < 10 && !ok && has_rdrand(); i++)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(x), "=qm"(ok));
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return x ^ ((uint64_t)hi << 32 | lo);
}

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Does the text have this word? */
static bool has_word(const char *text, const char *word)
{
	for (bool start = true; *text != 0; start = *text++ == ' ') {
		unsigned n = 0;

		while (start && word[n] != 0 && text[n] == word[n])
			n++;
		if (start && word[n] == 0 && (text[n] == 0 || text[n] == ' '))
			return true;
	}
	return false;
}

/* The command line, before boot_parse knows the loader: PVH's start information, or multiboot2's tags. */
static const char *command_line(uint32_t how, uint64_t info)
{
	const uint32_t *w = (const uint32_t *)info;
	uint32_t total = w[0];

	if (how == 0)
		return *(const uint64_t *)(info + 24) != 0 ? (const char *)*(const uint64_t *)(info + 24) : "";
	for (uint32_t off = 8; off + 8 <= total; off += (w[off / 4 + 1] + 7) & ~7u) {
		if (w[off / 4] == 1)
			return (const char *)(info + off + 8);
		if (w[off / 4] == 0 || w[off / 4 + 1] < 8)
			break;
	}
	return "";
}

static void choose(uint64_t end, uint64_t state)
{
	uint64_t slot, gib;

	kernel_base += next(&state) % ((ROOM - end) / PAGE) * PAGE;
	slot = 256 + next(&state) % MEMORY_SLOTS;
	gib = next(&state) % (512 - MEMORY_MAX);
	direct_map = 0xffff000000000000 | slot << 39 | gib << 30;
	slot = 384 + next(&state) % STACK_SLOTS;
	stack_area = 0xffff000000000000 | slot << 39 | next(&state) % (STACK_AREA_SIZE / STACK_ALIGN) * STACK_ALIGN;
}

/* All addresses in the image get the slide: 8 bytes, or the low 4 that the CPU extends. */
static void relocate(uint8_t *image, uint64_t slide)
{
	for (const uint32_t *r = kernel_relocs; r < kernel_relocs_end; r++) {
		uint8_t *at = image + (*r & 0x7fffffff);

		if (*r >> 31)
			*(uint64_t *)at += slide;
		else
			*(uint32_t *)at += (uint32_t)slide;
	}
}

static uint64_t rights(const uint8_t *page)
{
	if (page < text_end)
		return PTE_P | PTE_G;
	return PTE_P | PTE_G | PTE_NX | (page < rodata_end ? 0 : PTE_W);
}

static void map_image(uint64_t first, uint64_t end)
{
	uint64_t va0 = (kernel_base + first) & ~0x1ffffful;

	for (uint64_t pa = first; pa < end; pa += PAGE) {
		uint64_t va = kernel_base + pa, *t = tables[(va - va0) >> 21];

		high_pd[va >> 30 & 1][va >> 21 & 511] = (uint64_t)t | PTE_P | PTE_W;
		t[va >> 12 & 511] = pa | rights((const uint8_t *)pa);
	}
	for (int i = 0; i < 2; i++)
		boot_pdpt_high[510 + i] = (uint64_t)high_pd[i] | PTE_P | PTE_W;
	boot_pml4[511] = (uint64_t)boot_pdpt_high | PTE_P | PTE_W;
}

/* The low 4 GiB: start.S has made the directories. */
static void map_memory(void)
{
	for (int i = 0; i < 4; i++)
		boot_pdpt_direct[(direct_map >> 30 & 511) + (uint64_t)i] = (uint64_t)boot_pd[1 + i] | PTE_P | PTE_W;
	boot_pml4[direct_map >> 39 & 511] = (uint64_t)boot_pdpt_direct | PTE_P | PTE_W;
}

void boot_place(uint32_t how, uint64_t info)
{
	uint64_t first = (uint64_t)kernel_start, end = (uint64_t)kernel_end, state = entropy();

	stack_canary = next(&state) & ~0xfful;	/* a text that overflows ends before it */
	if (!has_word(command_line(how, info), "nokaslr")) {
		choose(end, state);
		relocate(kernel_start, kernel_base - KERNEL_LINKED);
	}
	map_image(first, end);
	map_memory();
}
