/* SPDX-License-Identifier: MIT */
/* System calls for servers and drivers: inline stubs, each returns a value or -errno. */
#ifndef LIB_SYS_H
#define LIB_SYS_H

#include "../abi/dev.h"
#include "../abi/mem.h"
#include "../abi/msg.h"
#include "../abi/proc.h"
#include "../abi/sys.h"

static inline int64_t sys6(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
			   uint64_t f)
{
	register uint64_t r10 __asm__("r10") = d;
	register uint64_t r8 __asm__("r8") = e;
	register uint64_t r9 __asm__("r9") = f;
	int64_t ret;

	__asm__ volatile("syscall" : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#define SYS_ARG(x)	((uint64_t)(x))

static inline int64_t sys_handle_close(handle_t h)
{
	return sys6(SYS_handle_close, SYS_ARG(h), 0, 0, 0, 0, 0);
}

static inline int64_t sys_handle_dup(handle_t h, handle_t min, uint32_t flags)
{
	return sys6(SYS_handle_dup, SYS_ARG(h), SYS_ARG(min), flags, 0, 0, 0);
}

static inline int64_t sys_handle_restrict(handle_t h, uint32_t rights)
{
	return sys6(SYS_handle_restrict, SYS_ARG(h), rights, 0, 0, 0, 0);
}

static inline int64_t sys_handle_info(handle_t h, struct handle_info *info)
{
	return sys6(SYS_handle_info, SYS_ARG(h), SYS_ARG(info), 0, 0, 0, 0);
}

static inline int64_t sys_read(handle_t h, void *buf, uint64_t n)
{
	return sys6(SYS_read, SYS_ARG(h), SYS_ARG(buf), n, 0, 0, 0);
}

static inline int64_t sys_write(handle_t h, const void *buf, uint64_t n)
{
	return sys6(SYS_write, SYS_ARG(h), SYS_ARG(buf), n, 0, 0, 0);
}

static inline int64_t sys_file_flags(handle_t h, uint32_t mask, uint32_t flags)
{
	return sys6(SYS_file_flags, SYS_ARG(h), mask, flags, 0, 0, 0);
}

static inline int64_t sys_pipe(handle_t h[2], uint32_t flags)
{
	return sys6(SYS_pipe, SYS_ARG(h), flags, 0, 0, 0, 0);
}

static inline int64_t sys_pair(handle_t h[2], uint32_t flags)
{
	return sys6(SYS_pair, SYS_ARG(h), flags, 0, 0, 0, 0);
}

static inline int64_t sys_port_create(void)
{
	return sys6(SYS_port_create, 0, 0, 0, 0, 0, 0);
}

static inline int64_t sys_call(handle_t h, struct msg *m)
{
	return sys6(SYS_call, SYS_ARG(h), SYS_ARG(m), 0, 0, 0, 0);
}

static inline int64_t sys_recv(handle_t port, struct msg *m, int64_t deadline)
{
	return sys6(SYS_recv, SYS_ARG(port), SYS_ARG(m), SYS_ARG(deadline), 0, 0, 0);
}

static inline int64_t sys_reply(uint64_t token, struct msg *m)
{
	return sys6(SYS_reply, token, SYS_ARG(m), 0, 0, 0, 0);
}

static inline int64_t sys_reply_recv(handle_t port, uint64_t token, struct msg *m)
{
	return sys6(SYS_reply_recv, SYS_ARG(port), token, SYS_ARG(m), 0, 0, 0);
}

/* The same two with a short range 0 coming along. */
static inline int64_t sys_recv_text(handle_t port, struct msg_text *t, int64_t deadline)
{
	return sys6(SYS_recv, RECV_TEXT | port, SYS_ARG(t), SYS_ARG(deadline), 0, 0, 0);
}

static inline int64_t sys_reply_recv_text(handle_t port, uint64_t token, struct msg_text *t)
{
	return sys6(SYS_reply_recv, RECV_TEXT | port, token, SYS_ARG(t), 0, 0, 0);
}

static inline int64_t sys_msg_read(uint64_t token, int range, uint64_t off, void *buf, uint64_t n)
{
	return sys6(SYS_msg_read, token, SYS_ARG(range), off, SYS_ARG(buf), n, 0);
}

static inline int64_t sys_msg_write(uint64_t token, int range, uint64_t off, const void *buf,
				    uint64_t n)
{
	return sys6(SYS_msg_write, token, SYS_ARG(range), off, SYS_ARG(buf), n, 0);
}

static inline int64_t sys_file_create(handle_t port, const struct file_args *args)
{
	return sys6(SYS_file_create, SYS_ARG(port), SYS_ARG(args), 0, 0, 0, 0);
}

static inline int64_t sys_file_ready(handle_t h, uint32_t clear, uint32_t set)
{
	return sys6(SYS_file_ready, SYS_ARG(h), clear, set, 0, 0, 0);
}

static inline int64_t sys_bind(handle_t h, handle_t port, uint64_t key, uint32_t events,
			       uint32_t flags)
{
	return sys6(SYS_bind, SYS_ARG(h), SYS_ARG(port), key, events, flags, 0);
}

/* Of CLOCK_MONOTONIC. */
static inline int64_t sys_timer_create(void)
{
	return sys6(SYS_timer_create, 0, TIMER_MONOTONIC, 0, 0, 0, 0);
}

static inline int64_t sys_timer_set(handle_t timer, int64_t deadline)
{
	return sys6(SYS_timer_set, SYS_ARG(timer), SYS_ARG(deadline), 0, 0, 0, 0);
}

static inline int64_t sys_sleep(int64_t deadline)
{
	return sys6(SYS_sleep, SYS_ARG(deadline), 0, 0, 0, 0, 0);
}

static inline int64_t sys_mem_create(uint64_t size, uint32_t flags)
{
	return sys6(SYS_mem_create, size, flags, 0, 0, 0, 0);
}

static inline int64_t sys_mem_read(handle_t mem, uint64_t off, void *buf, uint64_t n)
{
	return sys6(SYS_mem_read, SYS_ARG(mem), off, SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_mem_write(handle_t mem, uint64_t off, const void *buf, uint64_t n)
{
	return sys6(SYS_mem_write, SYS_ARG(mem), off, SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_mem_pager(handle_t port, uint64_t key, uint64_t size, uint64_t self0, uint64_t self1)
{
	return sys6(SYS_mem_pager, SYS_ARG(port), key, size, 0, self0, self1);
}

static inline int64_t sys_port_inherit(handle_t port, uint32_t flags, struct port_item *item)
{
	return sys6(SYS_port_inherit, SYS_ARG(port), flags, SYS_ARG(item), 0, 0, 0);
}

static inline int64_t sys_adopt(handle_t h, uint64_t id)
{
	return sys6(SYS_adopt, SYS_ARG(h), id, 0, 0, 0, 0);
}

/* size -1: only asks. */
static inline int64_t sys_mem_size(handle_t mem, int64_t size)
{
	return sys6(SYS_mem_size, SYS_ARG(mem), SYS_ARG(size), 0, 0, 0, 0);
}

/* Not made shorter. */
static inline int64_t sys_mem_grow(handle_t mem, uint64_t size)
{
	return sys6(SYS_mem_size, SYS_ARG(mem), MEM_GROW | size, 0, 0, 0, 0);
}

static inline int64_t sys_mem_supply(handle_t mem, uint64_t off, const void *buf, uint64_t n)
{
	return sys6(SYS_mem_supply, SYS_ARG(mem), off, SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_mem_fail(handle_t mem, uint64_t off, uint64_t n, int err)
{
	return sys6(SYS_mem_fail, SYS_ARG(mem), off, n, SYS_ARG(err), 0, 0);
}

static inline int64_t sys_mem_grant(handle_t mem, int64_t pages)
{
	return sys6(SYS_mem_grant, SYS_ARG(mem), SYS_ARG(pages), 0, 0, 0, 0);
}

static inline int64_t sys_mem_dirty(handle_t mem, struct mem_run *runs, uint64_t max)
{
	return sys6(SYS_mem_dirty, SYS_ARG(mem), SYS_ARG(runs), max, 0, 0, 0);
}

static inline int64_t sys_mem_take(handle_t mem, uint64_t off, void *buf, uint64_t n)
{
	return sys6(SYS_mem_take, SYS_ARG(mem), off, SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_mem_redirty(handle_t mem, uint64_t off, uint64_t n)
{
	return sys6(SYS_mem_redirty, SYS_ARG(mem), off, n, 0, 0, 0);
}

static inline int64_t sys_mem_changed(handle_t mem)
{
	return sys6(SYS_mem_changed, SYS_ARG(mem), 0, 0, 0, 0, 0);
}

static inline int64_t sys_mem_drop(handle_t mem, uint64_t off, uint64_t n)
{
	return sys6(SYS_mem_drop, SYS_ARG(mem), off, n, 0, 0, 0);
}

/* Forgets dirty pages too. */
static inline int64_t sys_mem_cut(handle_t mem, uint64_t off, uint64_t n)
{
	return sys6(SYS_mem_drop, SYS_ARG(mem), off, MEM_DIRTY_TOO | n, 0, 0, 0);
}

/* Changes bytes of pages that are there; buf NULL: to zeros. */
static inline int64_t sys_mem_patch(handle_t mem, uint64_t off, const void *buf, uint64_t n)
{
	return sys6(SYS_mem_supply, SYS_ARG(mem), off, SYS_ARG(buf), MEM_PATCH | n, 0, 0);
}

static inline int64_t sys_vm_create(void)
{
	return sys6(SYS_vm_create, 0, 0, 0, 0, 0, 0);
}

static inline int64_t sys_vm_map(const struct vm_map *map)
{
	return sys6(SYS_vm_map, SYS_ARG(map), 0, 0, 0, 0, 0);
}

static inline int64_t sys_vm_unmap(handle_t vm, uint64_t addr, uint64_t n)
{
	return sys6(SYS_vm_unmap, SYS_ARG(vm), addr, n, 0, 0, 0);
}

static inline int64_t sys_vm_protect(handle_t vm, uint64_t addr, uint64_t n, uint32_t prot)
{
	return sys6(SYS_vm_protect, SYS_ARG(vm), addr, n, prot, 0, 0);
}

static inline int64_t sys_vm_write(handle_t vm, uint64_t addr, const void *buf, uint64_t n)
{
	return sys6(SYS_vm_write, SYS_ARG(vm), addr, SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_proc_create(const struct proc_args *args)
{
	return sys6(SYS_proc_create, SYS_ARG(args), 0, 0, 0, 0, 0);
}

static inline int64_t sys_proc_signal(handle_t proc, int signo, const struct abi_siginfo *info)
{
	return sys6(SYS_proc_signal, SYS_ARG(proc), SYS_ARG(signo), SYS_ARG(info), 0, 0, 0);
}

static inline int64_t sys_proc_info(handle_t proc, struct proc_info *info)
{
	return sys6(SYS_proc_info, SYS_ARG(proc), SYS_ARG(info), 0, 0, 0, 0);
}

static inline int64_t sys_reply_exec(uint64_t token, const struct exec_args *a)
{
	return sys6(SYS_reply_exec, token, SYS_ARG(a), 0, 0, 0, 0);
}

static inline int64_t sys_file_start(handle_t h)
{
	return sys6(SYS_file_start, SYS_ARG(h), 0, 0, 0, 0, 0);
}

static inline int64_t sys_proc_cred(handle_t proc, uint64_t cred, uint32_t groups)
{
	return sys6(SYS_proc_cred, SYS_ARG(proc), cred, groups, 0, 0, 0);
}

static inline int64_t sys_proc_supervise(handle_t port)
{
	return sys6(SYS_proc_supervise, SYS_ARG(port), 0, 0, 0, 0, 0);
}

static inline int64_t sys_dev_info(handle_t dev, int what, void *buf, uint64_t n)
{
	return sys6(SYS_dev_info, SYS_ARG(dev), SYS_ARG(what), SYS_ARG(buf), n, 0, 0);
}

static inline int64_t sys_dev_outs(handle_t dev, uint16_t port, const uint8_t *p, uint64_t n)
{
	return sys6(SYS_dev_io, dev, DEV_OUTS8, port, SYS_ARG(p), n, 0);
}

static inline int64_t sys_dev_io(handle_t dev, int op, uint16_t port, uint32_t value)
{
	return sys6(SYS_dev_io, SYS_ARG(dev), SYS_ARG(op), port, value, 0, 0);
}

static inline int64_t sys_dev_mem(handle_t dev, uint64_t phys, uint64_t n, uint32_t flags)
{
	return sys6(SYS_dev_mem, SYS_ARG(dev), phys, n, flags, 0, 0);
}

static inline int64_t sys_dev_dma(handle_t dev, uint64_t n, uint32_t flags, uint64_t *phys)
{
	return sys6(SYS_dev_dma, SYS_ARG(dev), n, flags, SYS_ARG(phys), 0, 0);
}

static inline int64_t sys_dev_irq(handle_t dev, int gsi, struct dev_msi *msi)
{
	return sys6(SYS_dev_irq, SYS_ARG(dev), SYS_ARG(gsi), SYS_ARG(msi), 0, 0, 0);
}

static inline int64_t sys_irq_ack(handle_t irq)
{
	return sys6(SYS_irq_ack, SYS_ARG(irq), 0, 0, 0, 0, 0);
}

static inline int64_t sys_dev_restrict(handle_t dev, const struct dev_range *r, uint64_t count)
{
	return sys6(SYS_dev_restrict, SYS_ARG(dev), SYS_ARG(r), count, 0, 0, 0);
}

static inline int64_t sys_power(handle_t dev, int how)
{
	return sys6(SYS_power, SYS_ARG(dev), SYS_ARG(how), 0, 0, 0, 0);
}

static inline int64_t sys_clock_set(handle_t dev, int64_t wall)
{
	return sys6(SYS_clock_set, SYS_ARG(dev), SYS_ARG(wall), 0, 0, 0, 0);
}

static inline int64_t sys_log(const char *buf, uint64_t n)
{
	return sys6(SYS_log, SYS_ARG(buf), n, 0, 0, 0, 0);
}

static inline int64_t sys_log_read(uint64_t off, char *buf, uint64_t n)
{
	return sys6(SYS_log_read, off, SYS_ARG(buf), n, 0, 0, 0);
}

static inline int64_t sys_getrandom(void *buf, uint64_t n)
{
	return sys6(SYS_getrandom, SYS_ARG(buf), n, 0, 0, 0, 0);
}

static inline int64_t sys_sysinfo(struct sys_info *info)
{
	return sys6(SYS_sysinfo, SYS_ARG(info), 0, 0, 0, 0, 0);
}

#endif
