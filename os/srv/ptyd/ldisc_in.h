/* SPDX-License-Identifier: MIT */
/* Between the two halves of the line discipline. */
#ifndef LDISC_IN_H
#define LDISC_IN_H

#include "ldisc.h"

/* Queues one element for readers; 0 when there is no space. */
int ld_queue(struct ldisc *l, uint16_t e);

/* One byte with output processing. */
void ld_put(struct ldisc *l, uint8_t c);

#endif
