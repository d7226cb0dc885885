/* SPDX-License-Identifier: MIT */
/* What drivers of keyboards, mice and tablets share: a stream of events (abi/input.h) to one reader. */
#ifndef LIB_INPUTDRV_H
#define LIB_INPUTDRV_H

#include "../abi/input.h"
#include "srv.h"

struct inputdrv {
	handle_t reader;		/* H_NONE: nobody reads */
};

/* Makes the device "dev:NAME"; its number among those of the process is `id`. 0 or -errno. */
int input_add(struct srv *s, struct inputdrv *d, const char *name, unsigned id);

/* Takes it away: its reader gets a hang-up. */
void input_remove(struct inputdrv *d);

/* An event for the reader; when nobody reads, or reads too slowly, it is lost. */
void input_send(struct inputdrv *d, uint16_t type, uint16_t code, int32_t value);

/* The call handler of a file that input_add made: answers I_OPEN for the device with r->m.id. */
int64_t input_call(struct srv *s, struct srv_req *r);

#define INPUT_ID	0x1000		/* input_call answers ids from here on */

#endif
