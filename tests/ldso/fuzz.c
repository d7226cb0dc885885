/* SPDX-License-Identifier: MIT */
/*
 * fuzz: dlopen on damaged libraries, for FUZZ_SECONDS. Each try is a child: it may be told that the
 * file is bad or load it, but a fault inside libc.so.1 or a hang (ten seconds of CPU time) is a
 * failure, and the file is kept as bad.so. Code of the library itself is left as it is and does nothing
 * of interest. usage: fuzz SEED...
 */
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define FILE_MAX 65536

static unsigned char seed[8][FILE_MAX], file[FILE_MAX];
static size_t seed_len[8], len, text, text_end, dynamic, dynamic_end;
static uintptr_t libc_start, libc_end;
static uint32_t state = 2463534242u;
static char stack[65536];

static uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	return state ^= state << 5;
}

static int find_libc(struct dl_phdr_info *info, size_t size, void *arg)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const Elf64_Phdr *p = info->dlpi_phdr + i;
		uintptr_t start = info->dlpi_addr + p->p_vaddr;
		if (p->p_type == PT_LOAD && p->p_flags & PF_X && (uintptr_t)dlopen - start < p->p_memsz) {
			libc_start = start;
			libc_end = start + p->p_memsz;
		}
	}
	return 0;
}

/* Where the file's code and its dynamic section lie. */
static void look(const unsigned char *f)
{
	const Elf64_Ehdr *eh = (const void *)f;
	const Elf64_Phdr *p = (const void *)(f + eh->e_phoff);

	for (int i = 0; i < eh->e_phnum; i++) {
		if (p[i].p_type == PT_LOAD && p[i].p_flags & PF_X)
			text = p[i].p_offset, text_end = text + p[i].p_filesz;
		if (p[i].p_type == PT_DYNAMIC)
			dynamic = p[i].p_offset, dynamic_end = dynamic + p[i].p_filesz;
	}
}

static void damage(void)
{
	static const uint64_t edge[] = { 0, 1, 7, 8, 24, 0xff, 0xfff, 0x1000, 0x7fffffff, 0xffffffff, 1ull << 40, 1ull << 47,
		INT64_MAX, 1ull << 63, UINT64_MAX, UINT64_MAX - 0xfff, 0x3000, 0x2ff8 };

	for (int n = 1 + rnd() % 4; n > 0; n--) {
		size_t at = rnd() % len & -8u;
		uint64_t v = edge[rnd() % (sizeof(edge) / sizeof(*edge))];
		switch (rnd() % 8) {
		case 0: at = rnd() % 64 & -8u; break;
		case 1: at = 64 + rnd() % (10 * 56) & -8u; break;
		case 2:
		case 3: at = dynamic + rnd() % (dynamic_end - dynamic) & -8u; break;
		case 4: len = rnd() % (len + 1); break;
		default: break;
		}
		if (len < 64)
			return;
		if (at + 8 > len || (at + 8 > text && at < text_end))
			continue;
		switch (rnd() % 4) {
		case 0: memcpy(file + at, &v, 8); break;
		case 1: file[at + rnd() % 8] = rnd(); break;
		case 2: memcpy(file + at, &(uint32_t){ v }, 4); break;
		case 3: v = *(uint64_t *)(file + at) + rnd() % 64 - 32; memcpy(file + at, &v, 8); break;
		}
	}
}

static void fault(int sig, siginfo_t *info, void *context)
{
	uintptr_t pc = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];

	_exit(pc >= libc_start && pc < libc_end ? 99 : 1);
}

static void load(void)
{
	struct sigaction sa = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	void *h, *volatile p;
	Dl_info info;

	sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof(stack) }, 0);
	sigaction(SIGSEGV, &sa, 0);
	sigaction(SIGBUS, &sa, 0);
	sigaction(SIGILL, &sa, 0);
	sigaction(SIGFPE, &sa, 0);
	setrlimit(RLIMIT_CPU, &(struct rlimit){ 10, 10 });
	alarm(50);
	h = dlopen("./fuzzed.so", rnd() & 1 ? RTLD_NOW : RTLD_LAZY);
	if (!h)
		_exit(dlerror() ? 2 : 99);
	p = dlsym(h, "number");
	p = dlsym(h, "nothing");
	p = dlvsym(h, "number", "V1");
	dladdr(((struct link_map *)h)->l_ld, &info);
	dlclose(h);
	_exit(0);
}

static void write_file(const char *name)
{
	FILE *f = fopen(name, "wb");

	fwrite(file, 1, len, f);
	fclose(f);
}

int main(int argc, char **argv)
{
	const char *seconds = getenv("FUZZ_SECONDS");
	time_t end = time(0) + (seconds ? atoi(seconds) : 5);
	int status, count[3] = {0};
	long n = 0;

	dl_iterate_phdr(find_libc, 0);
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		seed_len[i - 1] = f ? fread(seed[i - 1], 1, FILE_MAX, f) : 0;
		if (seed_len[i - 1] < 1000 || !feof(f))
			return fprintf(stderr, "%s: bad seed\n", argv[i]), 1;
		fclose(f);
	}
	for (; time(0) < end || n < 200; n++) {
		int s = rnd() % (argc - 1);
		len = seed_len[s];
		memcpy(file, seed[s], len);
		look(file);
		if (n >= argc - 1)		/* whole ones first: they must load */
			damage();
		write_file("fuzzed.so");
		pid_t pid = fork();
		if (!pid)
			load();
		waitpid(pid, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) > 2 || (n < argc - 1 && status)) {
			write_file("bad.so");
			fprintf(stderr, "try %ld: status %x: see bad.so\n", n, status);
			return 1;
		}
		count[WEXITSTATUS(status)]++;
	}
	fprintf(stderr, "%ld files: %d loaded, %d refused, %d faults of their own\n", n, count[0], count[2], count[1]);
	return count[0] > 2 && count[2] > 2 ? 0 : 1;
}
