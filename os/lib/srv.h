/* SPDX-License-Identifier: MIT */
/*
 * The message loop of servers and drivers: receives on one port, dispatches calls, closes, cancels,
 * readiness of bound objects and timers. One thread runs a loop; all functions but srv_reply* are
 * for that thread only.
 */
#ifndef LIB_SRV_H
#define LIB_SRV_H

#include <stddef.h>
#include "../abi/file.h"
#include "sys.h"

/* What a call handler returns when it keeps the token and will srv_reply later. */
#define SRV_HELD	INT64_MIN

/*
 * A call being handled. The handler reads m.w, m.r, m.h; for the answer it sets m.w[1..] and out and
 * returns the result for w[0]. Handles in m.h that it keeps it takes with srv_take, others are
 * closed. When it returns SRV_HELD it must have copied m.token and what else it needs.
 */
struct srv_req {
	struct msg m;
	char text[MSG_TEXT];		/* right behind m: see struct msg_text */
	handle_t out[MSG_HANDLES];	/* given to the client with the answer */
	uint32_t nout;
	uint32_t nput;			/* bytes of text that go to the client's range 1 with the answer */
};

struct srv_watch;
struct srv_timer;

struct srv {
	handle_t port;
	int64_t (*call)(struct srv *s, struct srv_req *r);
	void (*close)(struct srv *s, uint64_t id);		/* may be NULL */
	void (*cancel)(struct srv *s, uint64_t token);		/* may be NULL */
	void (*page)(struct srv *s, struct msg *m);		/* may be NULL */
	void (*proc)(struct srv *s, struct msg *m);		/* BORN, DIED, STATE; may be NULL */
	void (*idle)(struct srv *s);				/* after each batch; may be NULL */
	struct srv_watch *watches;
	uint64_t next_key;
	struct srv_timer *timers;				/* the next one first */
	handle_t timer;						/* the kernel's, which rouses the loop for them; <= 0: none yet */
	int64_t armed;						/* when that one goes off, 0: it does not */
	int stop;						/* set: srv_run returns */
	int busy;						/* the last look found another message */
	unsigned looks;						/* messages since the queue was looked at */
};

/* An armed or idle timer; lives in the owner's memory. */
struct srv_timer {
	int64_t deadline;			/* 0: not armed */
	void (*fn)(void *arg);
	void *arg;
	struct srv_timer *next;
};

/* Makes the port (when s->port is 0 or H_NONE). 0 or -errno. */
int srv_init(struct srv *s);

/* Serves until s->stop. */
void srv_run(struct srv *s);

/* Answers a held token with a bare result. */
void srv_reply(uint64_t token, int64_t result);

/* Answers a held token with results w0..w2 and, unless H_NONE, a handle that is given away. */
void srv_reply_full(uint64_t token, int64_t w0, uint64_t w1, uint64_t w2, handle_t out);

/* Makes r->m the answer res with what srv_give and srv_put_last added; its handles were closed or taken before. */
void srv_answer(struct srv_req *r, int64_t res);

/* Adds a handle to the answer; the server loses it. */
void srv_give(struct srv_req *r, handle_t h);

/* Takes received handle i out of the request, H_NONE when there is none. */
handle_t srv_take(struct srv_req *r, unsigned i);

/* Calls fn(arg, events) when any of events is set on h; BIND_* flags. Returns a key > 0 or -errno. */
int64_t srv_watch(struct srv *s, handle_t h, uint32_t events, uint32_t flags,
		  void (*fn)(void *arg, uint32_t events), void *arg);
/* Changes what is watched for (0: nothing for now). */
int64_t srv_rewatch(struct srv *s, int64_t key, uint32_t events, uint32_t flags);
void srv_unwatch(struct srv *s, int64_t key);

/* Arms t for an absolute time (CLOCK_MONOTONIC ns) or, with 0, disarms it. */
void srv_timer_set(struct srv *s, struct srv_timer *t, int64_t deadline);

/* Now on CLOCK_MONOTONIC, ns. */
int64_t srv_now(void);

/*
 * Makes a file of this server: id comes back in messages. Returns the owner's handle, high.
 * flags: FILE_*; fflags: O_*.
 */
int64_t srv_file(struct srv *s, uint64_t id, uint32_t fflags, uint32_t ready, uint32_t flags);

/*
 * Reads the text in range 0 into buf with a terminator. Its length, or -ENAMETOOLONG, -EINVAL
 * when it holds a zero byte.
 */
int64_t srv_text(struct srv_req *r, char *buf, size_t size);

/* Reads n bytes of the client's range 0, from its start, into buf; bytes read or -errno. */
int64_t srv_get(const struct srv_req *r, void *buf, size_t n);

/* Writes n bytes to the client's range 1, cut to its length; bytes written or -errno. */
int64_t srv_put(struct srv_req *r, const void *buf, size_t n);

/*
 * The same with the answer, which saves a system call when it is at most MSG_TEXT bytes: the last thing a
 * handler does that then returns a result, not SRV_HELD. The text that came with the message is gone.
 */
int64_t srv_put_last(struct srv_req *r, const void *buf, size_t n);

/* Is the caller's effective or a supplementary group this one? May ask procd. */
int srv_in_group(const struct srv_req *r, uint32_t gid);

/* Clients: a message with a text in range 0 and up to one handle sent along. Result or -errno. */
int64_t srv_send(handle_t to, uint64_t op, const char *text, uint64_t w1, handle_t h,
		 handle_t *answer);

/* The name service of init; waits for the prefix or device when wait is set. Handle or -errno. */
int64_t srv_lookup(const char *prefix, int wait);
int64_t srv_device(const char *name, int wait);
int64_t srv_register(const char *prefix, handle_t root);

/*
 * Calls fn for each name that is registered now and begins with prefix ("dev:kbd"), until fn returns
 * other than 0, which is then returned.
 */
int srv_each_name(const char *prefix, int (*fn)(void *arg, const char *name), void *arg);

/* Calls fn(arg, EV_PRI) soon and after each registration of a device from now on. A key for srv_unwatch, or -errno. */
int64_t srv_watch_devices(struct srv *s, void (*fn)(void *arg, uint32_t events), void *arg);

/* The handle that init gave under this name ("dev"), or H_NONE. */
handle_t srv_extra(const char *name);
#define SRV_EXTRA_ENV	"CALX_H_"	/* the same for a server that was executed by rc */
struct start_block *srv_start(void);

/* A line for the kernel's log: "name: text". */
void srv_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, then exit(1). */
_Noreturn void srv_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
