/* SPDX-License-Identifier: MIT */
/* accounts.h: lines of /etc/passwd and /etc/group, cut into fields; shared by pwd/ and grp/. */
#ifndef INTERNAL_ACCOUNTS_H
#define INTERNAL_ACCOUNTS_H

#include <stdio.h>
#include "hidden.h"

/*
 * Reads the next line into buf and cuts it at its colons: n fields in field[]. Comments, empty
 * lines and lines with another number of fields are passed over. 0; ENOENT at the end; ERANGE when
 * the line does not fit (it is not used up); or another errno.
 */
hidden int __next_account(FILE *f, char *buf, size_t size, char **field, int n);

/* A decimal number that is all of s: 0 or -1. */
hidden int __account_id(const char *s, unsigned *id);

#endif
