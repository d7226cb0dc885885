/* SPDX-License-Identifier: MIT */
/* Realtime signals are queued with their values, lowest number first, in order within one; ordinary ones are kept once. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int order[16], n;

static void note(int sig, siginfo_t *si, void *context)
{
	if (n < 16)
		order[n++] = (sig - SIGRTMIN) * 100 + si->si_value.sival_int;
}

static void *send_to_main(void *arg)
{
	pthread_kill(*(pthread_t *)arg, SIGRTMIN);
	return 0;
}

int main(void)
{
	static const int wanted[] = { 1, 2, 101, 301, 302, 303 };
	struct sigaction sa = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	struct timespec none = { 0 }, soon = { 0, 20000000 };
	pthread_t t, self = pthread_self();
	sigset_t set;
	siginfo_t si;
	int status;

	sigfillset(&sa.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	for (int i = 0; i < 5; i++) {
		sigaction(SIGRTMIN + i, &sa, 0);
		sigaddset(&set, SIGRTMIN + i);
	}
	sigprocmask(SIG_BLOCK, &set, 0);
	sigqueue(getpid(), SIGRTMIN + 3, (union sigval){ 1 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ 1 });
	sigqueue(getpid(), SIGRTMIN + 3, (union sigval){ 2 });
	sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ 1 });
	sigqueue(getpid(), SIGRTMIN, (union sigval){ 2 });
	sigqueue(getpid(), SIGRTMIN + 3, (union sigval){ 3 });
	sigprocmask(SIG_UNBLOCK, &set, 0);
	for (int i = 0; i < 6; i++)
		if (order[i] != wanted[i])
			printf("place %d: %d, not %d\n", i, order[i], wanted[i]);
	if (n != 6)
		printf("%d signals\n", n);
	sigprocmask(SIG_BLOCK, &set, 0);
	for (int i = 1; i <= 3; i++)
		sigqueue(getpid(), SIGRTMIN + 4 - i, (union sigval){ i });
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	if (sigwaitinfo(&set, &si) != SIGUSR1 || si.si_code != SI_USER || si.si_pid != getpid())
		printf("first %d, code %d\n", si.si_signo, si.si_code);
	for (int i = 3; i >= 1; i--)
		if (sigtimedwait(&set, &si, &soon) != SIGRTMIN + 4 - i || si.si_code != SI_QUEUE || si.si_value.sival_int != i)
			printf("%d: signal %d, code %d, value %d\n", i, si.si_signo - SIGRTMIN, si.si_code, si.si_value.sival_int);
	if (sigtimedwait(&set, &si, &none) != -1 || errno != EAGAIN || sigtimedwait(&set, &si, &soon) != -1 || errno != EAGAIN)
		printf("more signals\n");
	pthread_create(&t, 0, send_to_main, &self);
	if (sigwaitinfo(&set, &si) != SIGRTMIN || si.si_code != SI_TKILL)
		printf("pthread_kill: signal %d code %d\n", si.si_signo, si.si_code);
	pthread_join(t, 0);
	if (!fork())
		_exit(sigqueue(getppid(), SIGRTMIN + 2, (union sigval){ 9 }));
	if (sigwaitinfo(&set, &si) != SIGRTMIN + 2 || si.si_value.sival_int != 9 || si.si_pid == getpid())
		printf("from a child: signal %d value %d\n", si.si_signo, si.si_value.sival_int);
	wait(&status);
	if (sigqueue(getpid(), 65, (union sigval){ 0 }) != -1 || errno != EINVAL || sigqueue(99999999, 0, (union sigval){ 0 }) != -1)
		printf("sigqueue takes what it should not\n");
	return status;
}
