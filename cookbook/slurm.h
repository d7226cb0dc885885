/* SPDX-License-Identifier: MIT */
/* Builds on many machines: slurm.c hands the graph to Slurm, slurm_plan.c reckons how long it takes. */
#ifndef COOK_SLURM_H
#define COOK_SLURM_H

#include "cook.h"

/* Builds all wanted ports, each as a job that waits for those of its dependencies; 0 when all are there. */
int slurm_run(struct cook *c);

int cmd_plan(struct cook *c, int argc, char **argv);

#endif
