/* SPDX-License-Identifier: MIT */
/* nr.c: system call numbers for assembly, which cannot read an enum. */
#include "calx.h"

hidden const int __nr_vm_unmap = SYS_vm_unmap;
hidden const int __nr_thread_exit = SYS_thread_exit;
