/* SPDX-License-Identifier: MIT */
/* What a run finds of its ports before it builds them. */
#ifndef COOK_STATES_H
#define COOK_STATES_H

#include "cook.h"

/*
 * Settles the state of each wanted port that waits; order has dependencies first.  With fill
 * set what the store lacks is taken from the cache of others.
 */
void states_look(struct cook *c, struct port **order, int fill);

#endif
