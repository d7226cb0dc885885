/* SPDX-License-Identifier: MIT */
/* Signals as bytes of a pipe, so that poll() waits for them beside everything else. */
#ifndef COOK_SIGNALS_H
#define COOK_SIGNALS_H

int signals_open(void);		/* SIGCHLD, SIGINT, SIGTERM, SIGHUP: a descriptor that is readable */
int signals_next(void);		/* the number of one that came, or 0 */
void signals_reset(void);	/* in a child: as if signals_open had not been called */

#endif
