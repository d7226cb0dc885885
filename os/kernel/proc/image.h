/* SPDX-License-Identifier: MIT */
/* image.h: the program that a server has made ready for its client (SYS_reply_exec). */
#ifndef KERNEL_IMAGE_H
#define KERNEL_IMAGE_H

#include "obj/handle.h"

bool obj_is_image(const struct obj *o);
/*
 * The calling thread's process goes on in the image that h, taken over, names: 0 with the registers
 * of its first instruction, or -EINTR when the process is ending.
 */
int64_t image_exec(struct href *h);

#endif
