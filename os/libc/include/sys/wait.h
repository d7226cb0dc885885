/* SPDX-License-Identifier: MIT */
/* sys/wait.h: waiting for children. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <features.h>

#define __NEED_id_t
#define __NEED_pid_t
#include <bits/alltypes.h>

#include <signal.h>
#include <bits/siginfo.h>

__BEGIN_DECLS

typedef enum { P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3 } idtype_t;
struct rusage;

#define WNOHANG 1
#define WUNTRACED 2
#define WSTOPPED 2
#define WEXITED 4
#define WNOWAIT 0x1000000
#define WEXITSTATUS(s) (((s) & 0xff00) >> 8)
#define WTERMSIG(s) ((s) & 0x7f)
#define WSTOPSIG(s) WEXITSTATUS(s)
#define WIFEXITED(s) (!WTERMSIG(s))
#define WIFSTOPPED(s) (((s) & 0xff) == 0x7f)
#define WIFSIGNALED(s) (((s) & 0x7f) + 1 > 1 && ((s) & 0x7f) != 0x7f)

pid_t wait(int *);
int waitid(idtype_t, id_t, siginfo_t *, int);
pid_t waitpid(pid_t, int *, int);

#if __VISIBLE_POSIX2024
#define WCOREDUMP(s) ((s) & 0x80)
#endif

#if __VISIBLE_XSI
#define WCONTINUED 8
#define WIFCONTINUED(s) ((s) == 0xffff)
#endif

#if __VISIBLE_MORE
#define W_EXITCODE(r, s) ((r) << 8 | (s))
#define W_STOPCODE(s) ((s) << 8 | 0x7f)
#define WCOREFLAG 0x80

pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
#endif

__END_DECLS

#endif
