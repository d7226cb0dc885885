/* SPDX-License-Identifier: MIT */
/* irq.h: interrupts as objects: EV_IN from an interrupt until its report is collected. */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include "obj/obj.h"

/*
 * An OBJ_IRQ is being reported: how often it has come since the last time; it is not ready any
 * more.
 */
uint32_t irq_collect(struct obj *o);

#endif
