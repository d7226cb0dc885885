/* SPDX-License-Identifier: MIT */
/* private.h: what only core/, boot/ and the trap code use of the log and panic. */
#ifndef KERNEL_CORE_PRIVATE_H
#define KERNEL_CORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void log_raw(const char *s, size_t n);
void log_set_quiet(bool q);
_Noreturn void panic_stop_cpu(void);
/* With "test-exit" on the command line: ends the emulator through isa-debug-exit with code v. */
void test_exit(uint32_t v);

#endif
