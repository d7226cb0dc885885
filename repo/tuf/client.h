/* SPDX-License-Identifier: MIT */
/* What the files of the client's workflow share: client.c, lookup.c. */
#ifndef TUF_CLIENT_H
#define TUF_CLIENT_H

#include "tuf.h"

/* A file kept here, parsed; -TUF_MISSING. */
int tuf_load(struct tuf_client *c, const char *file, const char *type, struct tuf_md **md,
		struct cpk_error *err);

/* 0, or the refusal: expired at the fixed time; jumping versions; not the version that meta names. */
int tuf_expired(const struct tuf_client *c, const struct tuf_md *md, const char *name,
		struct cpk_error *err);
int tuf_jumps(int64_t old, int64_t new, const char *name, struct cpk_error *err);
int tuf_is_version(const struct tuf_md *md, const json_t *meta, const char *name,
		struct cpk_error *err);

/* Fetches the file that meta (version, maybe length and hashes) names. */
int tuf_fetch_named(struct tuf_client *c, const char *file, const json_t *meta, char **data, size_t *n,
		struct cpk_error *err);

/* Targets metadata of a role, from here or from the server, verified by what delegates to it. */
int tuf_role(struct tuf_client *c, const char *role, const json_t *keys, const json_t *by,
		struct tuf_md **out, struct cpk_error *err);

#endif
