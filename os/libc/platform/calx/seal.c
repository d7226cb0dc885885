/* SPDX-License-Identifier: MIT */
/*
 * seal.c: giving up calls (the kernel's word, abi/proc.h) and names. Names are handles: those that are kept
 * become handles of their servers' making that show less (F_CONFINE), all others are closed, and so is the
 * name service.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/seal.h>
#include "calx.h"

#define LIST_SIZE	(4 * PATH_MAX)	/* of names of one server */

static const struct { unsigned set; uint8_t nr; } sets[] = {
	{ SEAL_FORK, SYS_proc_fork }, { SEAL_FORK, SYS_proc_create },
	{ SEAL_EXEC, SYS_proc_exec }, { SEAL_EXEC, SYS_proc_create }, { SEAL_EXEC, SYS_vm_create },
	{ SEAL_THREAD, SYS_thread_create },
	{ SEAL_NAMES, SYS_call },
	{ SEAL_CODE, SEAL_EXEC_MEM },
	{ SEAL_SERVE, SYS_port_create }, { SEAL_SERVE, SYS_recv }, { SEAL_SERVE, SYS_reply_recv },
	{ SEAL_SERVE, SYS_port_inherit }, { SEAL_SERVE, SYS_mem_pager },
	{ SEAL_SYSTEM, SYS_debug_open }, { SEAL_SYSTEM, SYS_debug }, { SEAL_SYSTEM, SYS_debug_wait },
	{ SEAL_SYSTEM, SYS_crash_port }, { SEAL_SYSTEM, SYS_log }, { SEAL_SYSTEM, SYS_log_read },
	{ SEAL_SYSTEM, SYS_thread_sched }, { SEAL_SYSTEM, SYS_proc_supervise },
	{ SEAL_SYSTEM, SYS_reply_exec }, { SEAL_SYSTEM, SYS_power }, { SEAL_SYSTEM, SYS_clock_set },
	{ SEAL_SYSTEM, SYS_random_add }, { SEAL_SYSTEM, SYS_dev_info }, { SEAL_SYSTEM, SYS_dev_io },
	{ SEAL_SYSTEM, SYS_dev_mem }, { SEAL_SYSTEM, SYS_dev_dma }, { SEAL_SYSTEM, SYS_dev_irq },
	{ SEAL_SYSTEM, SYS_irq_ack }, { SEAL_SYSTEM, SYS_dev_restrict },
};

int plat_seal_calls(unsigned what, int flags)
{
	struct abi_seal s = { 0 };
	uint64_t *mask = flags & SEAL_KILL ? s.kill : s.deny;

	if (what & ~(2u * SEAL_SYSTEM - 1) || flags & ~(SEAL_KILL | SEAL_LATER))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (what & sets[i].set)
			mask[sets[i].nr / 64] |= 1ull << sets[i].nr % 64;
	return sys(SYS_proc_seal, &s, flags & SEAL_LATER ? ABI_SEAL_LATER : 0);
}

/* What becomes of one server's prefix. */
struct kept {
	handle_t root;		/* H_NONE: nothing is asked of it */
	int whole;		/* its prefix itself is to be kept */
	size_t n;
	char list[LIST_SIZE];	/* as F_CONFINE takes it */
};

/* The absolute path of what `path` names, without links. */
static int real_path(const char *path, char *abs)
{
	struct msg m = { .w = { F_PATH }, .r[1] = { (uint64_t)abs, PATH_MAX - 1 } };
	int fd = plat_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	long n;

	if (fd < 0)
		return fd;
	n = __calx_call(fd, &m);
	plat_close(fd);
	if (n < 0 || n >= PATH_MAX)
		return n < 0 ? n : -ENAMETOOLONG;
	abs[n] = 0;
	return 0;
}

static int add(const struct seal_name *name, struct kept *kept)
{
	char abs[PATH_MAX];
	const char *rest = "";
	int err = __path_absolute(AT_FDCWD, name->path, abs), slot;
	handle_t root = err ? err : __path_root(abs, &rest, &slot);
	struct kept *k;
	size_t len;

	/* What is no server's root may be a link. */
	if (root >= 0 && *rest) {
		err = real_path(name->path, abs);
		root = err ? err : __path_root(abs, &rest, &slot);
	}
	if (root < 0)
		return root;
	k = &kept[slot];
	len = strlen(rest) + 1;
	if (k->n + 1 + len > sizeof(k->list))
		return -E2BIG;
	k->root = root;
	k->whole |= len == 1;
	k->list[k->n] = name->writable ? 'w' : 'r';
	memcpy(k->list + k->n + 1, rest, len);
	k->n += 1 + len;
	return 0;
}

/* The root that stays: a new handle. */
static int confine(struct kept *k)
{
	struct msg m = { .w = { F_CONFINE }, .r[0] = { (uint64_t)k->list, k->n } };
	long r = __calx_call(k->root, &m);

	if (r == -ENOSYS)
		return k->whole ? sys(SYS_handle_dup, k->root, H_HIGH, 0) : -EOPNOTSUPP;
	return r < 0 ? r : m.nh ? m.h[0] : -EIO;
}

static void close_all(const handle_t *h)
{
	for (int i = 0; i < MOUNT_MAX; i++)
		if (h[i] != H_NONE)
			sys(SYS_handle_close, h[i]);
}

/* The table becomes what is kept; with the lock held. */
static void replace(const handle_t *h)
{
	struct mount old[MOUNT_MAX];
	int n = __calx.nmounts;

	memcpy(old, __calx.mounts, sizeof(old));
	if (__calx.names != H_NONE)
		sys(SYS_handle_close, __calx.names);
	__calx.names = H_NONE;
	__calx.listed = 1;
	__calx.nmounts = 0;
	for (int i = 0; i < n; i++) {
		if (old[i].root != H_NONE)
			sys(SYS_handle_close, old[i].root);
		old[i].root = H_NONE;
	}
	for (int i = 0; i < n; i++) {
		__calx.mounts[i].root = H_NONE;
		if (h[i] != H_NONE)
			__mount_add(old[i].prefix, h[i]);
	}
}

static int seal_with(const struct seal_name *keep, size_t n, struct kept *kept)
{
	struct msg m = { .w = { P_CONFINE } };
	handle_t h[MOUNT_MAX];
	long err = 0;

	for (int i = 0; i < MOUNT_MAX; i++)
		h[i] = kept[i].root = H_NONE;
	for (size_t i = 0; i < n && !err; i++)
		err = add(&keep[i], kept);
	for (int i = 0; i < MOUNT_MAX && !err; i++)
		if (kept[i].root != H_NONE && (h[i] = confine(&kept[i])) < 0) {
			err = h[i];
			h[i] = H_NONE;
		}
	if (!err)
		err = __procd_call(&m);
	if (!err)
		err = plat_seal_calls(SEAL_SYSTEM, SEAL_EPERM);
	if (err) {
		close_all(h);
		return err;
	}
	__calx_lock();
	replace(h);
	__calx_unlock();
	return 0;
}

int plat_seal_names(const struct seal_name *keep, size_t n)
{
	size_t size = MOUNT_MAX * sizeof(struct kept);
	long kept = plat_mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (kept < 0)
		return kept;
	err = seal_with(keep, n, (struct kept *)kept);
	plat_munmap((void *)kept, size);
	return err;
}
