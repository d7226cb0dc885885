/* SPDX-License-Identifier: MIT */
/* Stubs: shared libraries without code, which programs are linked against. */
#ifndef COOK_STUB_H
#define COOK_STUB_H

#include "util.h"

/*
 * Writes to `to` a shared library that exports what the one at `from` does (names, versions,
 * kinds, sizes of data, soname) and holds nothing else, so that it changes only when what the
 * linker takes from the library changes.  0, -ENOEXEC when `from` is none, or another -errno.
 */
int stub_write(const char *from, const char *to);

#endif
