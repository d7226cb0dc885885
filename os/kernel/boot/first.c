/* SPDX-License-Identifier: MIT */
/* The first process: sbin/init of the boot archive, its stack as abi/proc.h describes. */
#include "abi/proc.h"
#include "boot/private.h"
#include "defs.h"

#define STACK_SIZE	(256 * 1024ul)
#define STACK_TOP	(VM_TOP - (1ul << 20))

#define AT_NULL		0
#define AT_PHDR		3
#define AT_PHENT	4
#define AT_PHNUM	5
#define AT_PAGESZ	6
#define AT_ENTRY	9
#define AT_RANDOM	25

/* What lies at the top of the stack. */
struct first_data {
	struct start_block block;
	struct start_extra extra;
	char dev[4], cwd[4], name[8];
	uint8_t random[16];
};

struct first_stack {
	uint64_t argc, argv[2], envp[1];
	uint64_t auxv[16];
	struct first_data data;
} __attribute__((aligned(16)));

static void fill_data(struct first_data *d)
{
	*d = (struct first_data){
		.block = { .magic = START_MAGIC, .size = offsetof(struct first_data, random),
			.names = H_NONE, .procd = H_NONE, .umask = 022,
			.cwd = offsetof(struct first_data, cwd), .nmounts = 0, .nextra = 1 },
		.extra = { offsetof(struct first_data, dev), FIRST_DEV_HANDLE },
		.dev = "dev", .cwd = "/", .name = "init",
	};
	random_bytes(d->random, sizeof(d->random));
}

static void fill_stack(struct first_stack *s, uint64_t at, uint64_t entry, uint64_t phdr, uint16_t phnum)
{
	uint64_t data = at + offsetof(struct first_stack, data);
	const uint64_t aux[] = {
		AT_PHDR, phdr, AT_PHENT, 56, AT_PHNUM, phnum, AT_PAGESZ, PAGE, AT_ENTRY, entry,
		AT_RANDOM, data + offsetof(struct first_data, random), AT_CALX_START, data, AT_NULL, 0,
	};

	s->argc = 1;
	s->argv[0] = data + offsetof(struct first_data, name);
	s->argv[1] = s->envp[0] = 0;
	memcpy(s->auxv, aux, sizeof(aux));
	fill_data(&s->data);
}

void first_process(void)
{
	uint64_t len, entry, phdr, base = STACK_TOP - STACK_SIZE;
	const void *image = boot_file("sbin/init", &len);
	struct first_stack s;
	struct vm *vm = vm_create();
	uint64_t sp = (STACK_TOP - sizeof(s)) & ~15ul;
	uint16_t phnum;

	if (image == NULL)
		panic("no sbin/init in the boot archive (%lu bytes)", boot_info.initrd_len);
	kassert(vm != NULL);
	if (elf_load(vm, image, len, &entry, &phdr, &phnum) != 0)
		panic("sbin/init is not a static program for this machine");
	kassert(vm_map(vm, &base, STACK_SIZE, NULL, 0, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_FIXED, true, false) == 0);
	fill_stack(&s, sp, entry, phdr, phnum);
	kassert(vm_write(vm, sp, &s, sizeof(s)) == 0);
	kassert(proc_first(vm, entry, sp, "init") >= 0);
}
