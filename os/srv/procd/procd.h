/* SPDX-License-Identifier: MIT */
/*
 * Process tree, groups, sessions, credentials and waits. tree.c, wait.c, kill.c, ids.c are pure
 * logic over this state; what they do to the world goes through `struct effects`, so that they are
 * tested on the host.
 */
#ifndef PROCD_H
#define PROCD_H

#include <stdint.h>
#include <sys/types.h>
#include "../../abi/msg.h"
#include "../../abi/proc.h"

#define MAX_GROUPS	32
#define INIT_PID	1

enum pstate { P_RUN, P_STOP, P_ZOMBIE };

struct ids { uint32_t r, e, s; };

/* A set of supplementary groups: sorted, made once, never changed or freed; number 0 is the empty one. */
struct gset {
	struct gset *next;
	uint32_t number, n;
	uint32_t list[MAX_GROUPS];
};

/*
 * One process. In the hash and in its parent's children list until it is reaped; `parent` is NULL
 * for init only. A zombie has no children (they went to init).
 */
struct proc {
	struct proc *hash_next;
	struct proc *parent, *children, *sibling;
	uint32_t pid, pgid, sid;
	handle_t h;			/* kernel's object */
	handle_t wait_file;		/* owner's handle, or H_NONE: EV_IN while a child is waitable */
	enum pstate state;
	int status;			/* P_ZOMBIE: as wait(2) */
	int stop_sig;			/* P_STOP: the signal */
	unsigned stop_news : 1;		/* stopped, not yet reported to a waiter */
	unsigned cont_news : 1;
	unsigned executed : 1;		/* has executed a program since its birth */
	struct ids uid, gid;
	const struct gset *groups;	/* NULL: none */
	char *cmdline;			/* P_CMDLINE's text, or NULL */
	uint32_t ncmdline;
	unsigned watched : 1;		/* someone wants to know of its end */
	unsigned secure : 1;		/* runs a set-id program */
	struct jail *jail;		/* counted, or NULL: not confined */
	uint32_t tty;			/* session leader: id of the controlling terminal, or 0 */
	uint64_t user, sys;		/* P_ZOMBIE: ns, own */
	uint64_t child_user, child_sys;	/* ns of waited-for children and theirs */
};

/* A held P_WAIT. */
struct waiter {
	struct waiter *next;
	uint64_t token;
	uint32_t pid;			/* who waits */
	int64_t target;			/* as waitpid's pid */
	int options;
};

struct wait_result { int64_t pid; int status; uint64_t user, sys; uint32_t uid; };

/* How the logic reaches the world. */
struct effects {
	/* SYS_proc_signal; 1 for SIGCHLD when the target wants no zombies. */
	int64_t (*signal)(struct proc *p, int signo, const struct abi_siginfo *info);
	void (*cred)(struct proc *p);				/* tell the kernel its effective ids */
	void (*answer)(uint64_t token, const struct wait_result *r);
	void (*waitable)(struct proc *p, int on);		/* readiness of p->wait_file */
	void (*release)(struct proc *p);			/* p is freed: close its handles */
	void (*leader_died)(uint32_t sid);			/* a leader with a terminal */
	void (*watched_died)(uint32_t pid);			/* p->watched was set */
};
extern const struct effects *fx;

/* tree.c */
struct proc *proc_find(uint32_t pid);
struct proc *proc_born(uint32_t pid, uint32_t ppid, uint64_t cred, handle_t h);
void proc_died(uint32_t pid, int status, uint64_t user, uint64_t sys);
void proc_state(uint32_t pid, uint32_t ev, int signo);
void proc_reap(struct proc *p);			/* frees a zombie */
int pgrp_orphaned(uint32_t pgid, const struct proc *without);
/* Calls fn for every process until it returns non-zero. */
int proc_each(int (*fn)(struct proc *p, void *arg), void *arg);

/* wait.c: 0 with r filled, -ECHILD, 0 with r->pid 0 (WNOHANG), or -EAGAIN: held. */
int wait_now(struct proc *p, int64_t target, int options, struct wait_result *r);
int64_t wait_hold(struct proc *p, int64_t target, int options, uint64_t token);
void wait_news(struct proc *parent);		/* something about a child changed: answer waiters */
int wait_cancel(uint64_t token);
void wait_forget(uint32_t pid);			/* the waiter itself died */

/* kill.c */
int64_t kill_procs(struct proc *from, int64_t pid, int signo, int code, uint64_t value);
int kill_one(struct proc *from, struct proc *to, int signo, int code, uint64_t value);
void kill_group(uint32_t pgid, int signo);	/* by the system itself */

/* groups.c: the set of these groups (sorted in place), NULL: no memory or none; by number. */
const struct gset *gset_get(uint32_t *list, uint32_t n);
const struct gset *gset_find(uint32_t number);

/* ids.c */
int64_t ids_setpgid(struct proc *p, uint32_t pid, uint32_t pgid);
int64_t ids_setsid(struct proc *p);
int64_t ids_set(struct proc *p, const uint64_t w[3]);
uint64_t ids_cred(const struct proc *p);
void ids_exec(struct proc *p);			/* a program was executed: saved ids */
void ids_exec_as(struct proc *p, uint64_t cred);	/* with other effective ids */

/* jail.c: may `from` know of `to`? To others it is as if there were no such process. */
struct jail *jail_ref(struct jail *j);
void jail_put(struct jail *j);
int jail_enter(struct proc *p);			/* 0 or -ENOMEM */
int jail_sees(const struct proc *from, const struct proc *to);

/* debug.c: -ESRCH, -EPERM, or the kernel's word. */
int64_t proc_debug(struct proc *from, struct proc *to, uint64_t flags, handle_t *h);
int64_t proc_limits(struct proc *from, struct proc *to, uint64_t w[8]);
struct srv_req;
int64_t proc_maps(struct proc *from, struct proc *to, struct srv_req *r);

#endif
