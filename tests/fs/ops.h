/* SPDX-License-Identifier: MIT */
/* A model of a file system in plain memory, and random operations done on it and on calxfs alike. */
#ifndef FSTEST_OPS_H
#define FSTEST_OPS_H

#include "dev.h"

struct model;

struct model *model_new(uint32_t max_pages);	/* files up to that size; 0: only calxfs, no comparison */
void model_free(struct model *m);
/* One random operation; results must agree. May leave ENOSPC to calxfs alone (then the model does nothing). */
void model_step(struct model *m, struct cfs *fs);
/* Compares every attribute and byte. */
void model_compare(struct model *m, struct cfs *fs);
/* Before an unmount: closes files the model holds open. */
void model_close_all(struct model *m, struct cfs *fs);
extern unsigned long op_count[16], op_enospc;

#endif
