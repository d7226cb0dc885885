/* SPDX-License-Identifier: MIT */
/* serve.h: a server made by the test: its port and a file on it. */
#ifndef TEST_SERVE_H
#define TEST_SERVE_H

#include "calx.h"

extern handle_t port, file;

void serve_here(uint32_t plane);
/* Forks: 0 in the child, which is the client and forgets the server's side; its pid in the parent. */
long client(void);

#endif
