/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the readers of the boot archive and of ELF files on the host, under the address sanitizer: a
 * valid file with some bytes changed must be loaded or refused, never read outside its bounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "boot/archive.c"
#include "boot/elf.c"

struct boot_info boot_info;
uint64_t direct_map = 0xffff800000000000;

static volatile unsigned sink;

int vm_map(struct vm *vm, uint64_t *addr, uint64_t len, struct mem *mem, uint64_t off, unsigned prot,
	   unsigned flags, bool maywrite, bool mayexec)
{
	(void)vm, (void)mem, (void)off, (void)flags, (void)maywrite, (void)mayexec;
	if (len == 0 || *addr % 4096 != 0 || ((prot & PROT_WRITE) && (prot & PROT_EXEC)))
		return -EINVAL;
	return *addr + len > VM_TOP || *addr < VM_BASE ? -ENOMEM : 0;
}

int vm_write(struct vm *vm, uint64_t addr, const void *kbuf, uint64_t n)
{
	(void)vm, (void)addr;
	for (uint64_t i = 0; i < n; i++)
		sink += ((const uint8_t *)kbuf)[i];
	return 0;
}

struct mem *mem_create_phys(uint64_t phys, uint64_t size, unsigned cache)
{
	(void)phys, (void)size, (void)cache;
	return NULL;
}

int vm_protect(struct vm *vm, uint64_t addr, uint64_t len, unsigned prot)
{
	(void)vm, (void)addr, (void)len, (void)prot;
	return 0;
}

void random_bytes(void *buf, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((uint8_t *)buf)[i] = (uint8_t)rand();
}

static uint8_t *read_file(const char *name, long *n)
{
	FILE *f = fopen(name, "rb");
	uint8_t *b;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (*n = ftell(f)) <= 0)
		exit(2);
	rewind(f);
	b = malloc((size_t)*n);
	if (b == NULL || fread(b, 1, (size_t)*n, f) != (size_t)*n)
		exit(2);
	fclose(f);
	return b;
}

/* Mostly the headers: there the decisions are. */
static void mutate(uint8_t *b, long n)
{
	static const uint64_t odd[] = { 0, 1, 0x7f, 0xffff, 0x7fffffff, 0xffffffff, ~0ull, ~0ull >> 1, 1ull << 46 };

	for (int k = rand() % 6 + 1; k > 0; k--) {
		long at = rand() % 4 ? rand() % (n < 64 + 56 * 8 ? n : 64 + 56 * 8) : rand() % n;
		uint64_t v = odd[rand() % 9];

		if (rand() % 2 || at + 8 > n)
			b[at] = (uint8_t)rand();
		else
			memcpy(b + at, &v, rand() % 2 ? 8 : 4);
	}
}

/* Looks for a file in an archive with bytes changed. Whether it was found. */
static int archive_once(const uint8_t *good, long n)
{
	uint64_t len = 0;
	uint8_t *b = malloc((size_t)n);
	const uint8_t *f;

	memcpy(b, good, (size_t)n);
	for (int k = rand() % 4; k > 0; k--)
		b[rand() % 2 ? rand() % (n < 1536 ? n : 1536) : rand() % n] = (uint8_t)rand();
	boot_info.initrd = (uint64_t)b - DIRECT_MAP;
	boot_info.initrd_len = (uint64_t)(rand() % 8 ? n : rand() % n);
	f = boot_file("sbin/init", &len);
	for (uint64_t i = 0; f != NULL && i < len; i++)
		sink += f[i];
	free(b);
	return f != NULL;
}

int main(int argc, char **argv)
{
	long n, an, tried = 0, loaded = 0, found = 0;
	uint64_t entry, phdr;
	uint16_t phnum;
	uint8_t *good, *archive, *b;
	time_t end;

	if (argc != 4)
		return 2;
	good = read_file(argv[1], &n);
	archive = read_file(argv[2], &an);
	end = time(NULL) + atoi(argv[3]);
	srand(1);
	if (elf_load(NULL, good, (uint64_t)n, &entry, &phdr, &phnum) != 0)
		return 1;
	do {
		long len = rand() % 8 ? n : rand() % n + 1;

		b = malloc((size_t)len);	/* exact size: the sanitizer sees every byte too far */
		memcpy(b, good, (size_t)len);
		mutate(b, len);
		loaded += elf_load(NULL, b, (uint64_t)len, &entry, &phdr, &phnum) == 0;
		free(b);
		found += archive_once(archive, an);
		tried++;
	} while (time(NULL) < end);
	fprintf(stderr, "elf_fuzz: %ld files, %ld loaded; in %ld archives the file was found\n", tried, loaded, found);
	free(good);
	free(archive);
	return loaded == 0 || loaded == tried || found == 0 || found == tried;
}
