/* SPDX-License-Identifier: MIT */
/* log.h: the kernel's log (a ring in memory, and the serial line), panic, assertions. */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tframe;

/* One line (a newline is added if missing), any context, takes only RANK_LOG. */
void klog(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void klog_write(const char *text, size_t n);
/* The same, and on the serial line even when the command line says "quiet". */
void klog_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Bytes for the log's serial line by its driver (DEV_OUTS8); false when port is another. Takes RANK_LOG. */
bool log_outs(uint16_t port, const uint8_t *s, size_t n);

/* Prints the message, the registers (of tf, or the caller's) and a backtrace with names; stops all CPUs. */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void panic_frame(const struct tframe *tf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "NAME[pid.tid]: SIGNAL at addr, rip ..." for an uncaught fault; called by the signal code. */
void log_user_fault(const struct tframe *tf, const char *what, uint64_t addr);

/* Name of the kernel function around addr, and the offset in it; NULL outside the kernel. */
const char *symbol_name(uint64_t addr, uint64_t *off);

#define kassert(c) do { if (!(c)) panic("%s:%d: %s", __FILE__, __LINE__, #c); } while (0)

#endif
