/* SPDX-License-Identifier: MIT */
/* The parts of the fuzzer: fuzz.c chooses among parsers, fuzz_root.c looks at what was changed. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>

void fuzz_steps(const char *data, size_t n);
void fuzz_rows(const char *data, size_t n);

#endif
