/* SPDX-License-Identifier: MIT */
/*
 * defs.h: the map of the kernel.
 *
 * lock.h list.h          spinlocks and their ranks; rings
 * core/                  lib.h (memory, text, random), log.h (log, panic, symbols), time.h (clock, ktimer)
 * arch/x86_64/           cpu.h (per-CPU data, trap frame, user copies, FPU, interrupts, power)
 * boot/                  boot.h: loaders' information, ACPI tables, boot archive, first process
 * mm/                    frame.h (frames, kmalloc, stacks), vm.h (address spaces), mem.h (memory objects)
 * sched/                 thread.h: threads, park and wake, run queues
 * debug/                 debug.h: debuggers and crashes
 * obj/ ipc/ sig/ proc/ dev/ sys/   handles, ports, files, channels, waiting, signals, processes,
 *                        device objects, the system call table
 *
 * The kernel runs with interrupts off but for the idle loop and sched_point. Errors are negative
 * errno values. System calls are functions `long sys_NAME(long ...)` (sys/sys.h), entered from
 * entry.S through sys_table[]; arguments are as in abi/sys.h, up to six.
 *
 * System calls that mm/, sched/ and core/ supply: mem_* (all), vm_* (all), yield, thread_tls,
 * thread_affinity, thread_times, log, log_read, getrandom, sysinfo, power, clock_set. The others
 * are the object half's, sleep and the dev_* among them.
 */
#ifndef KERNEL_DEFS_H
#define KERNEL_DEFS_H

#include "arch/x86_64/cpu.h"
#include "boot/boot.h"
#include "core/lib.h"
#include "core/log.h"
#include "core/time.h"
#include "list.h"
#include "lock.h"
#include "mm/frame.h"
#include "mm/mem.h"
#include "mm/vm.h"
#include "sched/thread.h"

#include "core/errno.h"

#endif
