/* SPDX-License-Identifier: MIT */
/* The driver's end of a terminal: attaches to ptyd and attaches again when ptyd was restarted. */
#ifndef LIB_TTYDRV_H
#define LIB_TTYDRV_H

#include "srv.h"

struct ttydrv {
	struct srv *srv;
	const char *name;		/* "ttyS0" */
	uint16_t rows, cols;		/* 0: unknown */
	/* Bytes to show: takes as many as it can. Called again after ttydrv_more. */
	size_t (*show)(struct ttydrv *d, const uint8_t *p, size_t n);
	void *arg;
	/* Its own. */
	handle_t h;
	int64_t watch;
	uint8_t buf[1024];		/* read from ptyd, not yet shown */
	size_t at, len;
};

/* Waits for ptyd, attaches. 0 or -errno. */
int ttydrv_init(struct ttydrv *d);

/* The device can show again. */
void ttydrv_more(struct ttydrv *d);

/* Typed bytes; what does not fit is lost. */
void ttydrv_typed(struct ttydrv *d, const uint8_t *p, size_t n);

#endif
