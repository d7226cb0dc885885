/* SPDX-License-Identifier: MIT */
/* start.c: what a Calx process finds when it starts, and the state it keeps. */
#include <sys/auxv.h>
#include <sched.h>
#include <signal.h>
#include <fcntl.h>
#include "calx.h"
#include "../../internal/libc.h"
#include "../../internal/thread.h"

struct calx __calx = { .names = H_NONE, .procd = H_NONE, .umask = 022, .cwd = "/", .cwd_h = H_NONE };

hidden void __sig_entry(void);

/* Written by the holder alone: its signal mask, and its page, where that lies. */
static uint64_t lock_mask;
static volatile struct thread_page *lock_page;

static __attribute__((noinline)) void lock_wait(void)
{
	do
		sys(SYS_yield);
	while (__atomic_exchange_n(__calx.lock, 1, __ATOMIC_ACQUIRE));
}

/* With all signals blocked, so that a handler never finds its own thread holding the lock. */
void __calx_lock(void)
{
	volatile struct thread_page *p = __calx_thread_page();
	uint64_t mask = p->sigmask;

	p->sigmask = -1ull;		/* the kernel looks at it for this thread, behind whatever comes in */
	if (__atomic_exchange_n(__calx.lock, 1, __ATOMIC_SEQ_CST))
		lock_wait();
	lock_mask = mask;
	lock_page = p;
}

void __calx_unlock(void)
{
	volatile struct thread_page *p = lock_page;
	uint64_t mask = lock_mask;

	__atomic_store_n(__calx.lock, 0, __ATOMIC_RELEASE);
	__calx_page_mask(p, mask);
}

static const char *text(const struct start_block *sb, uint32_t off)
{
	return off < sb->size ? (const char *)sb + off : "";
}

/* The extra entries: what the parent wants done in the child itself, before main. */
static void do_extras(const struct start_block *sb)
{
	const struct start_mount *x = sb->mounts + sb->nmounts;

	for (uint32_t i = 0; i < sb->nextra; i++) {
		const char *name = text(sb, x[i].prefix);
		if (!strcmp(name, "spawn.setsid"))
			plat_setsid();
		else if (!strcmp(name, "spawn.setpgid"))
			plat_setpgid(0, x[i].root);
	}
}

static void read_start(const struct start_block *sb)
{
	if (sb->magic != START_MAGIC)
		return;
	__calx.start = sb;
	__calx.names = sb->names;
	__calx.procd = sb->procd;
	__calx.umask = sb->umask;
	if (*text(sb, sb->cwd) == '/')
		strlcpy(__calx.cwd, text(sb, sb->cwd), sizeof(__calx.cwd));
	for (uint32_t i = 0; i < sb->nmounts; i++)
		__mount_add(text(sb, sb->mounts[i].prefix), sb->mounts[i].root);
	/* The parent's list will do; a name that it misses makes us ask (__mount_again). */
	__calx.listed = sb->nmounts || sb->names == H_NONE;
	do_extras(sb);
}

__attribute__((no_stack_protector))
void plat_start(void *stack, unsigned long arg, unsigned long *auxv)
{
	const struct start_block *sb = (void *)__auxv(auxv, AT_CALX_START);

	(void)stack;
	if (__calx.pp)
		return;
	__calx.pp = (void *)arg;
	__calx.time = (void *)__calx.pp->time_page;
	__calx.pp->sig_entry = (uint64_t)__sig_entry;
	__calx.pp->auxv = (uint64_t)auxv;
	__calx.other_ids = __auxv(auxv, AT_SECURE) != 0;
	if (sb)
		read_start(sb);
}

void plat_after_fork_child(void)
{
}

/* For servers and init: a handle that init gave under this name, or H_NONE. */
int __calx_extra(const char *name)
{
	const struct start_block *sb = __calx.start;

	for (uint32_t i = 0; sb && i < sb->nextra; i++)
		if (!strcmp(text(sb, sb->mounts[sb->nmounts + i].prefix), name))
			return sb->mounts[sb->nmounts + i].root;
	return H_NONE;
}

/*
 * Such calls are short: one that a signal interrupted before it was answered is made again. So is one whose
 * server died with it: the next server may have inherited the file, else that is said at once.
 */
long __calx_call(handle_t h, struct msg *m)
{
	struct msg first = *m;
	int died = 0;
	long r;

	while ((r = sys(SYS_call, h, m)) == -EINTR || (r == -EDEADSERVER && died++ < CALL_TRIES))
		*m = first;
	return r == -EDEADSERVER ? -EIO : r;
}

long __calx_call_cp(handle_t h, struct msg *m)
{
	struct msg first = *m;
	int died = 0;
	long r;

	while ((r = sys_cp(SYS_call, h, m)) == -EDEADSERVER && died++ < CALL_TRIES)
		*m = first;
	return r == -EDEADSERVER ? -EIO : r;
}

long __procd_call(struct msg *m)
{
	return __calx.procd == H_NONE ? -ENOSYS : __calx_call(__calx.procd, m);
}
