/* SPDX-License-Identifier: MIT */
/* What the tests of the file server share: the root, the last answer, requests by path. */
#ifndef SERVER_H
#define SERVER_H

#include <sys/stat.h>
#include "fake.h"

extern handle_t root;
extern struct answer a;

int64_t path_op(uint64_t op, const char *path, uint64_t w1, uint64_t w2);
handle_t open_file(const char *path, uint64_t flags);
int64_t two(uint64_t op, const char *one, const char *other, uint64_t w1);
struct stat stat_of(const char *path);
void forget_watches(void);

void test_permissions(void);
void test_sockets(void);
void test_watches(void);
void test_unnamed(void);
void test_owners(void);
void test_xattrs(void);
void test_copies(void);
void test_holes(void);
void test_scrub(void);
void test_memory(void);
void test_advice(void);
void test_dirty(void);
void test_failed_write_back(void);
void restart(void);
void crash(void);
struct dev *the_disk(void);

#endif
