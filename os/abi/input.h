/* SPDX-License-Identifier: MIT */
/*
 * Input devices: drivers register "dev:kbd0" (names of keyboards begin with "kbd", of mice with
 * "mouse", of tablets with "tablet") and stream records of key presses,
 * movements and buttons to whoever opened them last. Types and codes are Linux's input-event-codes.
 */
#ifndef ABI_INPUT_H
#define ABI_INPUT_H

#include "types.h"

enum input_op {
	I_OPEN = 0xb0,		/* -> h[0] one end of a pair: read struct input_event; the former reader gets a hang-up */
};

#define INPUT_KEY	1	/* EV_KEY: value 0 up, 1 down, 2 repeated */
#define INPUT_REL	2	/* EV_REL: code 0 x, 1 y, 8 wheel; value signed */
#define INPUT_ABS	3	/* EV_ABS: code 0 x, 1 y; value 0 to 32767 */

struct input_event {
	uint16_t type, code;
	int32_t value;
};

#endif
