/* SPDX-License-Identifier: MIT */
/* image.h: between the ELF loader and the builder of the first stack. */
#ifndef CALX_IMAGE_H
#define CALX_IMAGE_H

#include "calx.h"

/* What the auxiliary vector says of the program; base 0 without a dynamic linker. */
struct image_aux {
	uint64_t phdr, phnum, entry, base;
};

/* Maps the stack of img->vm, fills it and sets img->sp. -E2BIG when the strings are too long. */
hidden int __image_stack(struct image *img, const struct image_args *args, const struct image_aux *aux);

#endif
