/* SPDX-License-Identifier: MIT */
/* fp_arch.h: libm asks for architectures with oddities here; there are none. */
