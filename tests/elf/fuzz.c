/* SPDX-License-Identifier: MIT */
/*
 * fuzz: the program loader of libc (platform/calx/image.c) on damaged ELF files and scripts, for
 * FUZZ_SECONDS. The address space is a list of ranges; what the loader maps and writes must lie
 * inside user memory, must not wrap and must have been mapped before it is written.
 */
#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "../../os/libc/platform/calx/calx.h"
#include "../../os/abi/mem.h"

#define FILE_MAX 20000
#define RANGES 512

static unsigned char file[FILE_MAX], seed_elf[FILE_MAX];
static size_t file_len, seed_len;
static int mem_plane, loads_ok, refused;
static struct { uint64_t start, end; } range[RANGES];
static int nranges;
static uint64_t next_addr;
static uint32_t state = 1;

struct calx __calx = { .cwd = "/" };

static uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	return state ^= state << 5;
}

size_t strlcpy(char *to, const char *from, size_t len)
{
	size_t n = strlen(from);

	if (len) {
		size_t k = n < len - 1 ? n : len - 1;
		memcpy(to, from, k);
		to[k] = 0;
	}
	return n;
}

static long do_map(const struct vm_map *v)
{
	uint64_t addr = v->addr;

	assert(v->len && v->len % ABI_PAGE == 0 && v->off % ABI_PAGE == 0);
	if ((v->prot & PROT_WRITE) && (v->prot & PROT_EXEC))
		return -EACCES;
	if (!(v->flags & MAP_FIXED)) {
		addr = next_addr;
		next_addr += v->len;
	}
	if (addr % ABI_PAGE || addr < VM_BASE || addr > VM_TOP || v->len > VM_TOP - addr)
		return -EINVAL;
	if (v->mem != H_NONE)
		assert(mem_plane && v->off <= INT64_MAX - v->len);
	if (nranges == RANGES)
		return -ENOMEM;
	range[nranges].start = addr;
	range[nranges++].end = addr + v->len;
	return addr;
}

static long do_write(uint64_t addr, const unsigned char *buf, uint64_t n)
{
	volatile unsigned char sum = 0;

	for (uint64_t i = 0; i < n; i++)
		sum += buf[i];		/* the sanitizer looks */
	for (int i = 0; i < nranges; i++)
		if (addr >= range[i].start && addr < range[i].end && n <= range[i].end - addr)
			return n;
	return -EFAULT;
}

long fake_sys(long nr, long a, long b, long c, long d)
{
	struct handle_info *hi;

	switch (nr) {
	case SYS_vm_create: return 1 << 20;
	case SYS_vm_map: return do_map((struct vm_map *)a);
	case SYS_vm_write: return do_write(b, (unsigned char *)c, d);
	case SYS_handle_close: return 0;
	case SYS_handle_info:
		hi = (struct handle_info *)b;
		memset(hi, 0, sizeof(*hi));
		hi->kind = OBJ_FILE;
		hi->plane = mem_plane ? PLANE_MEM : PLANE_NONE;
		hi->size = file_len;
		return 0;
	case SYS_getrandom:
		memset((void *)a, 7, b);
		return b;
	case SYS_proc_limit:
		((uint64_t *)d)[0] = (uint64_t)rand() << rand() % 40;
		return rand() % 8 ? 0 : -EINVAL;
	}
	abort();
}

long plat_pread(int fd, void *buf, size_t len, long off)
{
	(void)fd;
	assert(off >= 0);
	if ((size_t)off >= file_len)
		return 0;
	if (len > file_len - off)
		len = file_len - off;
	memcpy(buf, file + off, len);
	return len;
}

int plat_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	(void)dirfd, (void)flags, (void)mode;
	return strlen(path) % 3 ? 5 : -ENOENT;	/* the same file again, or none */
}

int plat_close(int fd)
{
	return fd < 0;
}

long plat_mmap(void *addr, size_t len, int prot, int flags, int fd, long off)
{
	void *p = malloc(len);

	(void)addr, (void)prot, (void)flags, (void)fd, (void)off;
	return p ? (long)p : -ENOMEM;
}

int plat_munmap(void *addr, size_t len)
{
	(void)len;
	free(addr);
	return 0;
}

static void damage(void)
{
	static const uint64_t edge[] = { 0, 1, 7, 0xfff, 0x1000, 0x7fffffff, 0xffffffff, 1ull << 40, 1ull << 47,
		INT64_MAX, 1ull << 63, UINT64_MAX, UINT64_MAX - 0xfff };
	int n = 1 + rnd() % 4;

	memcpy(file, seed_elf, seed_len);
	file_len = seed_len;
	while (n--) {
		size_t head = 64 + 14 * 56, at = rnd() % (rnd() % 4 ? head : seed_len);
		uint64_t v = edge[rnd() % (sizeof(edge) / sizeof(*edge))];
		switch (rnd() % 5) {
		case 0: file[at] = rnd(); break;
		case 1: memcpy(file + at / 8 * 8, &v, 8); break;
		case 2: file_len = rnd() % (seed_len + 1); break;
		case 3: memcpy(file + 64 + at % 13 * 56, file + 64 + rnd() % 13 * 56, 56); break;
		case 4: memcpy(file + at / 2 * 2, &v, 2); break;
		}
	}
}

static void script(void)
{
	static const char *const part[] = { "#!", " ", "\t", "/bin/sh", "/a", "\n", "-x", "", "\r", "#", "x" };

	file_len = 0;
	for (int n = rnd() % 40; n > 0; n--) {
		const char *p = part[rnd() % 11];
		size_t k = strlen(p);
		memcpy(file + file_len, p, k);
		file_len += k;
		if (n == 3)
			while (file_len < 300)
				file[file_len++] = 'p';
	}
	if (rnd() % 3)
		memcpy(file, "#!", 2);
}

static void once(void)
{
	char *argv[] = { "prog", "arg", 0 }, *envp[] = { "A=b", 0 };
	struct image_args args = { .argv = argv, .envp = envp, .path = "/dir/prog", .cwd = "/" };
	struct image img;
	int err;

	nranges = 0;
	next_addr = 0x10000000000;
	mem_plane = rnd() & 1;
	err = __image_build(5, &args, &img);
	assert(err <= 0);
	if (err) {
		refused++;
		return;
	}
	loads_ok++;
	assert(img.entry >= VM_BASE && img.entry < VM_TOP && img.sp % 16 == 0);
	assert(memchr(img.name, 0, sizeof(img.name)));
}

/* A small program; its copy without damage must load. */
static void read_seed(const char *path)
{
	FILE *f = fopen(path, "rb");

	assert(f);
	seed_len = fread(seed_elf, 1, sizeof(seed_elf), f);
	assert(feof(f) && seed_len > 64 + 4 * 56);
	fclose(f);
	file_len = seed_len;
	memcpy(file, seed_elf, seed_len);
	once();
	assert(loads_ok == 1);
}

int main(int argc, char **argv)
{
	const char *seconds = getenv("FUZZ_SECONDS");
	time_t end = time(0) + (seconds ? atoi(seconds) : 5);
	long n = 0;

	assert(argc == 2);
	__calx.names = __calx.procd = H_NONE;
	read_seed(argv[1]);
	do {
		for (int i = 0; i < 1000; i++, n++) {
			if (rnd() % 8)
				damage();
			else
				script();
			once();
		}
	} while (time(0) < end);
	fprintf(stderr, "elf fuzz: %ld files, %d loaded, %d refused\n", n, loads_ok, refused);
	return loads_ok > 1 && refused > 1 ? 0 : 1;
}
