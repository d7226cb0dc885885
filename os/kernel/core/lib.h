/* SPDX-License-Identifier: MIT */
/* lib.h: memory and string functions, formatted text, random bytes. */
#ifndef KERNEL_LIB_H
#define KERNEL_LIB_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict d, const void *restrict s, size_t n);
void *memmove(void *d, const void *s, size_t n);
void *memset(void *d, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
/* n words; for sizes that the compiler knows. */
static inline void words_zero(void *d, size_t n)
{
	__asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(0ul) : "memory");
}
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strstr(const char *h, const char *n);
size_t strlcpy(char *d, const char *s, size_t n);

/* %d %i %u %x %p %s %c %% with l ll z, width, 0, -, precision for %s. Always terminates. */
int snprintf(char *d, size_t n, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *d, size_t n, const char *fmt, va_list ap);

void random_init(void);
void random_bytes(void *buf, size_t n);		/* ChaCha20; any context */
void random_stir(uint64_t v);			/* adds jitter (interrupt times) */

#endif
