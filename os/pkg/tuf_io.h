/* SPDX-License-Identifier: MIT */
/* The Update Framework's client with pkg's downloads and files (tuf_io.c). */
#ifndef TUF_IO_H
#define TUF_IO_H

#include "pkg.h"
#include "tuf.h"

/* Trusted metadata lies in the folder dir below k->root; url is that of the metadata, without '/'. */
struct tuf_place {
	struct pkg *k;
	const char *dir;
	const char *url;
	const char *ca;
	unsigned stall;
};

/* A client that works on *place, which must outlive it; time stands still from now on. */
void tuf_begin(struct tuf_client *c, struct tuf_place *place);

/* Says what a failed step said of itself; returns -status. */
int tuf_said(const char *url, int r, const struct cpk_error *err);

/* Fetches a target to path below the root; url is the base of targets, without '/'. */
int tuf_fetch_target(struct tuf_client *c, const struct tuf_target *t, const char *name,
		const char *url, const char *path);

#endif
