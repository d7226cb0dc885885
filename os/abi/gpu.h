/* SPDX-License-Identifier: MIT */
/* Screens whose driver has to be told what changed: registered as "dev:gpu0". */
#ifndef ABI_GPU_H
#define ABI_GPU_H

#include "types.h"

enum gpu_op {
	G_OPEN = 0xb8,	/* only uid 0: -> h[0] mem of the pixels (32 bits, 0xRRGGBB), w1 width, w2 height, w3 pixels a line */
	G_FLUSH,	/* w1 x, w2 y, w3 width, w4 height: shows what was drawn there */
};

#endif
