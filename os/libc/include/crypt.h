/* SPDX-License-Identifier: MIT */
/* crypt.h: hashed passwords. */
#ifndef _CRYPT_H
#define _CRYPT_H

#include <features.h>

__BEGIN_DECLS

struct crypt_data {
	int initialized;
	char __buf[384];
};

char *crypt(const char *, const char *);
char *crypt_r(const char *, const char *, struct crypt_data *);
char *crypt_gensalt(const char *, unsigned long, const char *, int);
char *crypt_gensalt_rn(const char *, unsigned long, const char *, int, char *, int);

#define CRYPT_GENSALT_OUTPUT_SIZE 192
#define CRYPT_OUTPUT_SIZE 384

__END_DECLS

#endif
