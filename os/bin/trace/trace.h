/* SPDX-License-Identifier: MIT */
/* trace.h: between the files of trace. */
#ifndef TRACE_H
#define TRACE_H

#include <stdio.h>
#include "../../lib/debugger.h"

#define LINE	1024

/* Text that grows up to LINE bytes. */
struct line { char s[LINE]; size_t n; };
void put(struct line *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * A system call: its name and, a letter each, its arguments: h handle, d number, x hexadecimal, o octal,
 * p address, t deadline, b address of bytes that the call writes and whose count is its result, B of bytes
 * that it reads (the next argument is the count), s string, m message, c struct chan_io.
 */
struct call_name { const char *name, *args; };
const struct call_name *call_name(uint64_t nr);
/* "F_OPEN", or NULL. */
const char *op_name(uint64_t op);

/* What is known when the call begins, then what its end adds. */
void put_entry(struct line *l, handle_t d, const struct debug_event *ev);
void put_return(struct line *l, handle_t d, const struct debug_event *ev);

#endif
