/* SPDX-License-Identifier: MIT */
/*
 * sys.h: the functions behind the system calls, one for each number of abi/sys.h, where arguments
 * and results are described. They take what they need of the six argument registers.
 */
#ifndef KERNEL_SYS_H
#define KERNEL_SYS_H

#include "abi/sys.h"

typedef long sys_fn(long, long, long, long, long, long);

extern sys_fn *const sys_table[SYS_COUNT];

long sys_handle_close(long);
long sys_handle_dup(long, long, long);
long sys_handle_dup2(long, long, long);
long sys_handle_flags(long, long, long);
long sys_handle_info(long, long);
long sys_handle_restrict(long, long);
long sys_read(long, long, long);
long sys_write(long, long, long);
long sys_readv(long, long, long, long);
long sys_writev(long, long, long, long);
long sys_seek(long, long, long);
long sys_file_flags(long, long, long);
long sys_pipe(long, long);
long sys_pair(long, long);
long sys_shutdown(long, long);
long sys_port_create(long);
long sys_call(long, long);
long sys_recv(long, long, long);
long sys_reply(long, long);
long sys_reply_recv(long, long, long);
long sys_msg_read(long, long, long, long, long);
long sys_msg_write(long, long, long, long, long);
long sys_file_create(long, long);
long sys_file_ready(long, long, long);
long sys_file_start(long);
long sys_file_stat(long, long);
long sys_bind(long, long, long, long, long);
long sys_poll(long, long, long, long);
long sys_evq_create(long);
long sys_evq_wait(long, long, long, long, long);
long sys_futex_wait(long, long, long, long);
long sys_futex_wake(long, long, long);
long sys_futex_requeue(long, long, long, long, long, long);
long sys_sleep(long);
long sys_timer_create(long, long, long);
long sys_timer_set(long, long, long, long);
long sys_timer_signal(long, long, long, long, long);
long sys_yield(void);
long sys_mem_create(long, long);
long sys_mem_pager(long, long, long, long, long, long);
long sys_port_inherit(long, long, long);
long sys_adopt(long, long);
long sys_mem_size(long, long);
long sys_mem_read(long, long, long, long);
long sys_mem_write(long, long, long, long);
long sys_mem_supply(long, long, long, long);
long sys_mem_fail(long, long, long, long);
long sys_mem_grant(long, long);
long sys_mem_dirty(long, long, long);
long sys_mem_take(long, long, long, long);
long sys_mem_redirty(long, long, long);
long sys_mem_drop(long, long, long);
long sys_mem_changed(long);
long sys_vm_create(void);
long sys_vm_map(long);
long sys_vm_unmap(long, long, long);
long sys_vm_protect(long, long, long, long);
long sys_vm_advise(long, long, long);
long sys_vm_sync(long, long, long);
long sys_vm_write(long, long, long, long);
long sys_proc_fork(void);
long sys_proc_create(long);
long sys_proc_exec(long, long, long);
long sys_reply_exec(long, long);
long sys_proc_exit(long);
long sys_proc_signal(long, long, long);
long sys_proc_info(long, long);
long sys_proc_cred(long, long, long);
long sys_proc_supervise(long);
long sys_thread_create(long);
long sys_thread_exit(long);
long sys_thread_signal(long, long, long, long);
long sys_thread_tls(long);
long sys_thread_affinity(long, long, long);
long sys_thread_sched(long, long, long);
long sys_thread_times(long);
long sys_sig_return(long);
long sys_sig_suspend(long);
long sys_sig_wait(long, long, long);
long sys_sig_pending(void);
long sys_sig_check(void);
long sys_dev_info(long, long, long, long);
long sys_dev_io(long, long, long, long, long);
long sys_dev_mem(long, long, long, long);
long sys_dev_dma(long, long, long, long);
long sys_dev_irq(long, long, long);
long sys_irq_ack(long);
long sys_dev_restrict(long, long, long);
long sys_power(long, long);
long sys_clock_set(long, long);
long sys_log(long, long);
long sys_log_read(long, long, long);
long sys_getrandom(long, long);
long sys_random_add(long, long, long);
long sys_sysinfo(long);
long sys_kernel_stat(long, long);
long sys_vm_regions(long, long, long, long);
long sys_handle_next(long);
long sys_proc_name(long);
long sys_counter_create(long, long);
long sys_sigfile(long, long, long);
long sys_chan_send(long, long);
long sys_chan_recv(long, long);
long sys_vm_remap(long, long, long, long, long);
long sys_vm_resident(long, long, long);
long sys_debug_open(long, long);
long sys_debug_wait(long, long, long);
long sys_debug(long, long, long, long, long, long);
long sys_crash_port(long);
long sys_timer_overrun(long);
long sys_sleep_wall(long);
long sys_futex_wait_wall(long, long, long, long);
long sys_timer_set_wall(long, long, long, long);
long sys_timer_get(long, long);
long sys_thread_robust(long);
long sys_thread_cpu(void);
long sys_proc_limit(long, long, long, long);
long sys_proc_usage(long, long, long);
long sys_proc_seal(long, long);

#endif
