/* SPDX-License-Identifier: MIT */
/* sys/procfs.h: notes of core files. */
#ifndef _SYS_PROCFS_H
#define _SYS_PROCFS_H

#include <features.h>

#define __NEED_pid_t
#define __NEED_struct_timeval
#include <bits/alltypes.h>

#include <sys/user.h>
#include <sys/time.h>

__BEGIN_DECLS

#define ELF_NGREG 27

typedef unsigned long elf_greg_t, elf_gregset_t[ELF_NGREG];
typedef struct user_fpregs_struct elf_fpregset_t;
struct elf_siginfo {
	int si_signo, si_code, si_errno;
};
struct elf_prstatus {
	struct elf_siginfo pr_info;
	short pr_cursig;
	unsigned long pr_sigpend, pr_sighold;
	pid_t pr_pid, pr_ppid, pr_pgrp, pr_sid;
	struct timeval pr_utime, pr_stime, pr_cutime, pr_cstime;
	elf_gregset_t pr_reg;
	int pr_fpvalid;
};
struct elf_prpsinfo {
	char pr_state, pr_sname, pr_zomb, pr_nice;
	unsigned long pr_flag;
	unsigned pr_uid, pr_gid;
	int pr_pid, pr_ppid, pr_pgrp, pr_sid;
	char pr_fname[16], pr_psargs[80];
};

#define ELF_PRARGSZ 80

typedef elf_gregset_t prgregset_t;
typedef elf_fpregset_t prfpregset_t;
typedef pid_t lwpid_t;
typedef void *psaddr_t;
typedef struct elf_prstatus prstatus_t;
typedef struct elf_prpsinfo prpsinfo_t;

__END_DECLS

#endif
