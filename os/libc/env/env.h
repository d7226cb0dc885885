/* SPDX-License-Identifier: MIT */
/* Owning the strings of the environment. */
#ifndef ENV_ENV_H
#define ENV_ENV_H

#include <stddef.h>
#include "hidden.h"

/* Puts s ("name=value", name of n bytes) into the environment; own: free it when it goes. */
hidden int __env_put(char *s, size_t n, char *own);
/* An owned string old leaves the environment (may be NULL or not owned), new comes (may be NULL). */
hidden void __env_swap(char *old, char *new);
hidden void __env_remove(const char *name, size_t n);

#endif
