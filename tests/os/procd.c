/* SPDX-License-Identifier: MIT */
/* procd's logic: births and deaths, waiting, groups and sessions, who may signal whom. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include "../../os/srv/procd/procd.h"
#include "check.h"

static struct { uint32_t pid; int signo, code; } sent[64];
static unsigned nsent;
static struct wait_result answered;
static uint64_t answered_token;
static uint32_t leader, ignores_chld, mourned;

static int64_t fx_signal(struct proc *p, int signo, const struct abi_siginfo *info)
{
	sent[nsent].pid = p->pid;
	sent[nsent].signo = signo;
	sent[nsent++ % 63].code = info->code;
	return signo == SIGCHLD && p->pid == ignores_chld;
}

static void fx_cred(struct proc *p)
{
	(void)p;
}

static void fx_answer(uint64_t token, const struct wait_result *r)
{
	answered_token = token;
	answered = *r;
}

static void fx_waitable(struct proc *p, int on)
{
	(void)p;
	(void)on;
}

static void fx_release(struct proc *p)
{
	(void)p;
}

static void fx_leader(uint32_t sid)
{
	leader = sid;
}

static void fx_watched(uint32_t pid)
{
	mourned = pid;
}

static const struct effects effects = {
	fx_signal, fx_cred, fx_answer, fx_waitable, fx_release, fx_leader, fx_watched,
};

static int was_sent(uint32_t pid, int signo)
{
	for (unsigned i = 0; i < nsent; i++)
		if (sent[i].pid == pid && sent[i].signo == signo)
			return 1;
	return 0;
}

static int reap_one(struct proc *p, void *arg)
{
	(void)arg;
	if (p->pid == 1)
		return 0;
	p->state = P_ZOMBIE;
	while (p->children) {
		struct proc *c = p->children;

		p->children = c->sibling;
		c->parent = NULL;
	}
	proc_reap(p);
	return 1;
}

/* init, a shell (10, session leader), its children 11 and 12. */
static void fresh(void)
{
	while (proc_each(reap_one, NULL))
		;
	fx = &effects;
	nsent = 0;
	answered_token = 0;
	leader = ignores_chld = 0;
	if (!proc_find(1))
		proc_born(1, 0, 0, 1);
	proc_born(10, 1, 0, 1);
	ids_setsid(proc_find(10));
	proc_born(11, 10, 0, 1);
	proc_born(12, 10, 0, 1);
}

static void child_inherits(void)
{
	fresh();
	CHECK(proc_find(11)->sid == 10 && proc_find(11)->pgid == 10);
	CHECK(proc_find(11)->parent == proc_find(10));
}

static void death_makes_a_zombie_and_tells_the_parent(void)
{
	struct wait_result r;

	fresh();
	proc_died(11, 3 << 8, 5, 6);
	CHECK(was_sent(10, SIGCHLD));
	CHECK(proc_find(11)->state == P_ZOMBIE);
	CHECK(!wait_now(proc_find(10), -1, 0, &r) && r.pid == 11 && r.status == 3 << 8);
	CHECK(!proc_find(11));
	CHECK(proc_find(10)->child_user == 5 && proc_find(10)->child_sys == 6);
}

static void wait_holds_until_death(void)
{
	struct wait_result r;

	fresh();
	CHECK(wait_now(proc_find(10), 12, 0, &r) == -EAGAIN);
	wait_hold(proc_find(10), 12, 0, 77);
	proc_died(11, 0, 0, 0);
	CHECK(!answered_token);
	proc_died(12, 9, 0, 0);
	CHECK(answered_token == 77 && answered.pid == 12 && answered.status == 9);
}

static void wnohang_and_no_children(void)
{
	struct wait_result r;

	fresh();
	CHECK(!wait_now(proc_find(10), -1, WNOHANG, &r) && r.pid == 0);
	CHECK(wait_now(proc_find(11), -1, 0, &r) == -ECHILD);
	CHECK(wait_now(proc_find(10), 999, 0, &r) == -ECHILD);
}

static void wait_by_group(void)
{
	struct wait_result r;

	fresh();
	CHECK(!ids_setpgid(proc_find(10), 12, 0));
	proc_died(11, 0, 0, 0);
	CHECK(wait_now(proc_find(10), -12, 0, &r) == -EAGAIN);
	CHECK(!wait_now(proc_find(10), 0, 0, &r) && r.pid == 11);
}

static void stop_and_continue_are_news_once(void)
{
	struct wait_result r;

	fresh();
	proc_state(11, EV_STOPPED, SIGTSTP);
	CHECK(!wait_now(proc_find(10), -1, WNOHANG, &r) && r.pid == 0);
	CHECK(!wait_now(proc_find(10), -1, WUNTRACED, &r) && r.pid == 11);
	CHECK(WIFSTOPPED(r.status) && WSTOPSIG(r.status) == SIGTSTP);
	CHECK(wait_now(proc_find(10), -1, WUNTRACED, &r) == -EAGAIN);
	proc_state(11, EV_CONTINUED, SIGCONT);
	CHECK(!wait_now(proc_find(10), -1, WCONTINUED, &r) && WIFCONTINUED(r.status));
}

static void wnowait_leaves_it(void)
{
	struct wait_result r;

	fresh();
	proc_died(11, 0, 0, 0);
	CHECK(!wait_now(proc_find(10), -1, WNOWAIT, &r) && r.pid == 11);
	CHECK(!wait_now(proc_find(10), -1, 0, &r) && r.pid == 11);
}

static void parent_that_ignores_sigchld_has_no_zombies(void)
{
	fresh();
	ignores_chld = 10;
	wait_hold(proc_find(10), -1, 0, 5);
	proc_died(11, 0, 0, 0);
	CHECK(!proc_find(11) && !answered_token);
	proc_died(12, 0, 0, 0);
	CHECK(answered_token == 5 && answered.pid == -ECHILD);
}

static void orphans_go_to_init(void)
{
	fresh();
	proc_born(20, 11, 0, 1);
	proc_died(11, 0, 0, 0);
	CHECK(proc_find(20)->parent == proc_find(1));
}

static void stopped_group_that_becomes_orphaned_is_hung_up(void)
{
	fresh();
	proc_born(20, 11, 0, 1);
	ids_setpgid(proc_find(20), 0, 0);
	proc_state(20, EV_STOPPED, SIGTSTP);
	nsent = 0;
	proc_died(11, 0, 0, 0);
	CHECK(was_sent(20, SIGHUP) && was_sent(20, SIGCONT));
}

static void setpgid_rules(void)
{
	fresh();
	CHECK(ids_setpgid(proc_find(10), 10, 0) == -EPERM);	/* a session leader */
	CHECK(ids_setpgid(proc_find(11), 12, 0) == -ESRCH);	/* not its child */
	CHECK(ids_setpgid(proc_find(10), 11, 999) == -EPERM);	/* no such group */
	CHECK(!ids_setpgid(proc_find(10), 11, 0) && proc_find(11)->pgid == 11);
	CHECK(!ids_setpgid(proc_find(10), 12, 11) && proc_find(12)->pgid == 11);
	proc_find(12)->executed = 1;
	CHECK(ids_setpgid(proc_find(10), 12, 0) == -EACCES);
}

static void setsid_rules(void)
{
	fresh();
	CHECK(ids_setsid(proc_find(10)) == -EPERM);
	CHECK(ids_setsid(proc_find(11)) == 11);
	CHECK(proc_find(11)->sid == 11 && proc_find(11)->pgid == 11);
}

static void users_may_signal_only_their_own(void)
{
	const uint64_t w[3] = { CRED(1000, 100), CRED(1000, 100), CRED(1000, 100) };

	fresh();
	CHECK(!ids_set(proc_find(11), w));
	CHECK(kill_procs(proc_find(11), 12, SIGTERM, 0, 0) == -EPERM);
	CHECK(kill_procs(proc_find(11), 12, SIGCONT, 0, 0) == 0);	/* same session */
	CHECK(kill_procs(proc_find(12), 11, SIGTERM, 0, 0) == 0 && was_sent(11, SIGTERM));
	CHECK(kill_procs(proc_find(12), 4711, SIGTERM, 0, 0) == -ESRCH);
	CHECK(kill_procs(proc_find(12), 11, 65, 0, 0) == -EINVAL);
}

static void user_cannot_become_root(void)
{
	const uint64_t user = CRED(1000, 100), w[3] = { user, user, user }, root[3] = { 0, 0, 0 };

	fresh();
	CHECK(!ids_set(proc_find(11), w));
	CHECK(ids_set(proc_find(11), root) == -EPERM);
}

static void kill_all_spares_the_system_and_the_caller(void)
{
	fresh();
	proc_born(2, 1, 0, 1);
	CHECK(kill_procs(proc_find(10), -1, SIGTERM, 0, 0) == 0);
	CHECK(was_sent(11, SIGTERM) && was_sent(12, SIGTERM));
	CHECK(!was_sent(1, SIGTERM) && !was_sent(2, SIGTERM) && !was_sent(10, SIGTERM));
}

static void kill_group_reaches_its_members(void)
{
	fresh();
	ids_setpgid(proc_find(10), 12, 0);
	CHECK(kill_procs(proc_find(10), 0, SIGTERM, 0, 0) == 0);
	CHECK(was_sent(10, SIGTERM) && was_sent(11, SIGTERM) && !was_sent(12, SIGTERM));
	CHECK(kill_procs(proc_find(10), -12, SIGINT, 0, 0) == 0 && was_sent(12, SIGINT));
}

static void nobody_forges_kernel_codes(void)
{
	fresh();
	proc_find(11)->uid = (struct ids){ 5, 5, 5 };
	proc_find(12)->uid = (struct ids){ 5, 5, 5 };
	kill_procs(proc_find(11), 12, SIGTERM, SI_KERNEL, 0);
	CHECK(nsent && sent[nsent - 1].code == SI_USER);
	kill_procs(proc_find(11), 12, SIGTERM, SI_QUEUE, 0);
	CHECK(sent[nsent - 1].code == SI_QUEUE);
}

static void leader_with_a_terminal_is_told_of(void)
{
	fresh();
	proc_find(10)->tty = 3;
	proc_died(10, 0, 0, 0);
	CHECK(leader == 10);
}

static void interrupted_wait_is_forgotten(void)
{
	fresh();
	wait_hold(proc_find(10), -1, 0, 8);
	CHECK(wait_cancel(8));
	CHECK(!wait_cancel(8));
	proc_died(11, 0, 0, 0);
	CHECK(!answered_token);
}

static void watched_death_is_told(void)
{
	fresh();
	mourned = 0;
	proc_died(11, 0, 0, 0);
	CHECK(!mourned);
	proc_find(12)->watched = 1;
	proc_died(12, 0, 0, 0);
	CHECK(mourned == 12);
}

static void exec_saves_the_effective_ids(void)
{
	struct proc *p;

	fresh();
	p = proc_find(11);
	p->uid = p->gid = (struct ids){ 5, 5, 5 };
	ids_exec_as(p, CRED(0, 5));
	CHECK(p->uid.r == 5 && p->uid.e == 0 && p->uid.s == 0 && p->gid.s == 5);
	/* It may go back and forth between real and saved ids. */
	CHECK(!ids_set(p, (uint64_t[]){ ~0ull, CRED(5, -1), ~0ull }) && p->uid.e == 5);
	CHECK(!ids_set(p, (uint64_t[]){ ~0ull, CRED(0, -1), ~0ull }) && p->uid.e == 0);
	CHECK(!ids_set(p, (uint64_t[]){ CRED(5, -1), CRED(5, -1), CRED(5, -1) }));
	CHECK(ids_set(p, (uint64_t[]){ ~0ull, CRED(0, -1), ~0ull }) == -EPERM);
}

static void equal_groups_are_one_set(void)
{
	uint32_t a[] = { 7, 3, 9 }, b[] = { 9, 7, 3 }, c[] = { 3 };
	const struct gset *s = gset_get(a, 3);

	CHECK(s && s->number && gset_get(b, 3) == s && gset_find(s->number) == s);
	CHECK(gset_get(c, 1) != s && !gset_get(c, 0));
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(child_inherits), T(death_makes_a_zombie_and_tells_the_parent),
		T(wait_holds_until_death), T(wnohang_and_no_children), T(wait_by_group),
		T(stop_and_continue_are_news_once), T(wnowait_leaves_it),
		T(parent_that_ignores_sigchld_has_no_zombies), T(orphans_go_to_init),
		T(stopped_group_that_becomes_orphaned_is_hung_up), T(setpgid_rules), T(setsid_rules),
		T(users_may_signal_only_their_own), T(user_cannot_become_root),
		T(kill_all_spares_the_system_and_the_caller), T(kill_group_reaches_its_members),
		T(nobody_forges_kernel_codes), T(leader_with_a_terminal_is_told_of),
		T(interrupted_wait_is_forgotten), T(watched_death_is_told), T(exec_saves_the_effective_ids),
		T(equal_groups_are_one_set), { NULL, NULL },
	};

	return run_tests(tests);
}
