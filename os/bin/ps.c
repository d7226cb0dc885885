/* SPDX-License-Identifier: MIT */
/* ps: lists processes: all, with -t those of the caller's terminal; -l with groups and sessions. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../lib/srv.h"

struct row { struct proc_info info; uint64_t ppid, pgid, sid, uid, state, tty; };

static int get(uint32_t pid, struct row *r)
{
	struct msg m = { .w = { P_INFO, pid },
			 .r = { { 0, 0 }, { (uint64_t)&r->info, sizeof(r->info) } } };

	memset(r, 0, sizeof(*r));
	if (sys_call(srv_start()->procd, &m) < 0)
		return -1;
	r->ppid = m.w[1];
	r->pgid = m.w[2];
	r->sid = m.w[3];
	r->uid = CRED_UID(m.w[4]);
	r->state = m.w[5];
	r->tty = m.w[6];
	return 0;
}

static void print(const struct row *r, uint32_t pid, int wide)
{
	uint64_t ms = (r->info.ns_user + r->info.ns_sys) / 1000000;

	printf("%5u %5lu ", pid, (unsigned long)r->ppid);
	if (wide)
		printf("%5lu %5lu %5lu ", (unsigned long)r->pgid, (unsigned long)r->sid,
		       (unsigned long)r->uid);
	printf("%c %6luK %3lu:%02lu.%02lu %s\n", "RTZ"[r->state % 3],
	       (unsigned long)(r->info.vm_rss >> 10), (unsigned long)(ms / 60000),
	       (unsigned long)(ms / 1000 % 60), (unsigned long)(ms / 10 % 100), r->info.name);
}

int main(int argc, char **argv)
{
	static uint32_t pids[16384];
	struct msg m = { .w = { P_LIST }, .r = { { 0, 0 }, { (uint64_t)pids, sizeof(pids) } } };
	struct row r, self;
	int all = 1, wide = 0, c;
	int64_t n;

	while ((c = getopt(argc, argv, "eltA")) != -1) {
		if (c == '?') {
			fprintf(stderr, "usage: ps [-elt]\n");
			return 2;
		}
		if (c == 't')
			all = 0;
		wide |= c == 'l';
	}
	n = sys_call(srv_start()->procd, &m);
	if (n < 0 || get((uint32_t)getpid(), &self))
		errx(1, "procd does not answer");
	printf("  PID  PPID %sS     RSS      TIME NAME\n", wide ? " PGID   SID   UID " : "");
	for (int64_t i = 0; i < n; i++)
		if (!get(pids[i], &r) && (all || r.tty == self.tty))
			print(&r, pids[i], wide);
	return 0;
}
