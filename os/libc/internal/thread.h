/* SPDX-License-Identifier: MIT */
/*
 * thread.h: the thread control block, what the thread pointer (%fs on x86_64) points to.
 *
 * The first six words are fixed by the ABI of GCC (self, dtv, stack canary at 0x28). A thread's
 * static TLS blocks lie below it. pthread_t is a pointer to it. Fields are written by the owning
 * thread alone unless a comment says otherwise.
 */
#ifndef INTERNAL_THREAD_H
#define INTERNAL_THREAD_H

#include <stddef.h>
#include <stdint.h>
#include "hidden.h"

struct __locale_struct;
struct __cleanup;

/* Words before dtv[0]: an older table that was outgrown (readers may still have it), entries. */
enum { DTV_OLDER = -2, DTV_ROOM = -1 };

/* Detach states; changed by compare and swap on tcb.detach. GONE: joined, or ended detached. */
enum { THREAD_GONE = 0, THREAD_EXITED = 1, THREAD_JOINABLE = 2, THREAD_DETACHED = 3 };

struct lock { volatile int v; };	/* lock.h says how it is used */

struct tcb {
	struct tcb *self;
	uintptr_t *dtv;			/* [0] is its highest number, then one block a module */
	struct tcb *prev, *next;	/* ring of all threads, under __thread_list_lock */
	uintptr_t sysinfo;
	uintptr_t canary;		/* %fs:0x28 */
	int tid;			/* cleared and woken by the system when the thread is gone */
	int err;			/* errno */
	int detach;
	volatile int cancel;		/* a cancellation is asked for; set by others */
	volatile int cp;			/* inside a cancellable call: the system call stub looks */
	volatile unsigned char cancel_off, cancel_async, tsd_used, dlerror_set;
	unsigned char *map;		/* whole mapping, NULL for the first thread */
	size_t map_len;
	void *stack;			/* high end */
	size_t stack_len, guard_len;
	void *result;
	struct __cleanup *cleanup;	/* pthread_cleanup_push's chain */
	void **tsd;
	void *dtors;			/* of thread_local objects */
	struct {			/* robust mutexes held, in the kernel's format */
		volatile void *volatile head;
		long off;
		volatile void *volatile pending;
	} robust;
	struct __locale_struct *locale;	/* uselocale; NULL means the global one */
	char *dlerror_buf;
	void *(*start)(void *);
	void *start_arg;
	uint64_t start_mask;		/* signal mask at the start of start() */
	struct lock kill_lock;		/* held while another thread uses tid */
	int h_err;			/* h_errno */
	char *strerror_buf;		/* for strerror of unknown numbers; freed at the exit */
	void *plat[8];			/* for the platform's own use */
	volatile int gate;		/* futex word: the creator lets it run (create.c) */
	volatile int ldso_reading;	/* walks the list of objects without its lock; nests */
	char name[16];
};

#if defined(__x86_64__)
static inline struct tcb *__self(void)
{
	struct tcb *t;
	__asm__("mov %%fs:0,%0" : "=r"(t));
	return t;
}
#endif

#define TSD_MAX 128

/* True once a second thread has ever been started: locks may be skipped before. */
extern hidden volatile int __threaded;
extern hidden struct lock __thread_list_lock;

#endif
