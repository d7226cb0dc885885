/* SPDX-License-Identifier: MIT */
/* gdbserver.h: between the files of gdbserver: packets, the process, the commands. */
#ifndef GDBSERVER_H
#define GDBSERVER_H

#include "../../lib/debugger.h"

#define PACKET		16384		/* bytes of one packet's content */

/* -- packet.c: the connection -- */
struct packet { char s[PACKET + 1]; size_t n; };
void packet_open(int fd);
/* The next command; waits. 0, or -1 when the connection is over. */
int packet_get(struct packet *p);
int packet_put(const struct packet *p);
/* Whether the debugger's ^C is waiting; takes it. */
int packet_interrupted(void);
int packet_fd(void);
void packet_no_ack(void);
void add_text(struct packet *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void add_hex(struct packet *p, const void *data, size_t n);
/* Bytes from hexadecimal digits: how many. */
size_t from_hex(const char *s, void *data, size_t max);
/* Binary data with the escapes of the protocol: how many bytes of it fitted. */
size_t add_binary(struct packet *p, const char *data, size_t n);
size_t from_binary(const char *s, size_t n, char *data, size_t max);

/* -- target.c: the process. All threads are stopped between target_wait and target_resume. -- */
extern handle_t target;
extern uint32_t target_pid, current_tid;
struct stop {
	uint32_t tid;
	int signo;		/* as gdb numbers them */
	int breakpoint;		/* of Z0 */
	int exited;		/* 1: status is its exit code, 2: the signal */
	int status;
	int library, executed;
};
int target_start(char **argv);
int target_attach(uint32_t pid);
void target_detach(void);
void target_kill(void);
/* Waits for an event or ^C; then all are stopped. 0, -1: nothing is left. */
int target_wait(struct stop *s);
/* What a thread shall do at target_resume: step or not, a signal (gdb's number) or 0. tid 0: all others. */
void target_plan(uint32_t tid, int step, int signo);
void target_resume(void);
size_t target_threads(uint32_t *tids, size_t max);
int target_read(uint64_t addr, void *buf, size_t n);		/* bytes or -1; breakpoints are not seen */
int target_write(uint64_t addr, const void *buf, size_t n);	/* 0, -1 */
int break_set(uint64_t addr);
int break_clear(uint64_t addr);

/* -- regs.c: registers in gdb's order -- */
int regs_read(uint32_t tid, struct packet *p);
int regs_write(uint32_t tid, const char *hex);
int reg_read(uint32_t tid, unsigned n, struct packet *p);
int reg_write(uint32_t tid, unsigned n, const char *hex);
const char *regs_xml(void);

/* -- signals between the kernel and gdb -- */
int to_gdb(int signo);
int from_gdb(int signo);

/* -- commands.c -- */
/* Serves one debugger until it detaches, kills or hangs up. Whether another may come. */
int serve(void);

#endif
