/* SPDX-License-Identifier: MIT */
/* dev.h: device objects: which ports, physical ranges, interrupts and powers a driver may use. */
#ifndef KERNEL_DEV_H
#define KERNEL_DEV_H

#include "abi/dev.h"
#include "obj/obj.h"

#define DEV_RANGES	256

struct dev {
	struct obj obj;			/* OBJ_DEV; the rest never changes */
	bool all;			/* everything is allowed */
	uint32_t nranges;
	struct dev_range range[];
};

/* The device that allows everything; one reference. NULL: no memory. */
struct dev *dev_root(void);
/* Whether [first, last] lies in one allowed range of that kind. */
bool dev_allows(const struct dev *d, uint32_t kind, uint64_t first, uint64_t last);
/* The dev behind h, referenced, if it allows that. 0, -EBADF, -EINVAL, -EPERM. */
int dev_get(handle_t h, uint32_t kind, uint64_t first, uint64_t last, struct dev **d);
/* Only that check. */
int dev_check(handle_t h, uint32_t kind, uint64_t first, uint64_t last);

#endif
