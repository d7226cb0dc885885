/* SPDX-License-Identifier: MIT */
/* A thread that is blocked in a cancellation point ends when it is cancelled, as does one that comes to
 * it with a cancellation pending; clean-up handlers run, and what was not done is not lost. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int pipes[2], full[2], pair[2];
static sem_t sem;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_t forever;
static char buf[16];
static struct timespec far = { 0x7fffffff, 0 };
static volatile int cleaned, entered;

static void do_read(void) { read(pipes[0], buf, 1); }
static void do_readv(void) { readv(pipes[0], &(struct iovec){ buf, 1 }, 1); }
static void do_write(void) { write(full[1], buf, 1); }
static void do_recv(void) { recv(pair[0], buf, 1, 0); }
static void do_recvmsg(void)
{
	struct iovec v = { buf, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	recvmsg(pair[0], &m, 0);
}
static void do_poll(void) { poll(&(struct pollfd){ pipes[0], POLLIN }, 1, -1); }
static void do_select(void)
{
	fd_set set;
	FD_ZERO(&set);
	FD_SET(pipes[0], &set);
	select(pipes[0] + 1, &set, 0, 0, 0);
}
static void do_pselect(void) { pselect(0, 0, 0, 0, 0, 0); }
static void do_nanosleep(void) { nanosleep(&far, 0); }
static void do_clock_nanosleep(void) { clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &far, 0); }
static void do_sleep(void) { sleep(1000); }
static void do_usleep(void) { usleep(900000000); }
static void do_pause(void) { pause(); }
static void do_sigsuspend(void) { sigset_t s; sigemptyset(&s); sigsuspend(&s); }
static void do_sigwait(void) { sigset_t s; int n; sigemptyset(&s); sigaddset(&s, SIGUSR2); sigwait(&s, &n); }
static void do_sigtimedwait(void) { sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR2); sigtimedwait(&s, 0, &far); }
static void do_sem_wait(void) { sem_wait(&sem); }
static void do_sem_timedwait(void) { sem_timedwait(&sem, &far); }
static void do_wait(void) { waitpid(-1, 0, 0); }
static void do_join(void) { pthread_join(forever, 0); }
static void unlock(void *arg) { pthread_mutex_unlock(&mutex); }
static void do_cond_wait(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, 0);
	pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(1);
}
static void do_cond_timedwait(void)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, 0);
	pthread_cond_timedwait(&cond, &mutex, &far);
	pthread_cleanup_pop(1);
}
static void do_open(void) { open("fifo", O_RDONLY); }
static void do_testcancel(void) { for (;;) pthread_testcancel(); }
static void do_loop(void)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
	for (;;)
		;
}

static const struct point { const char *name; void (*fn)(void); } points[] = {
#define P(x) { #x, do_##x }
	P(read), P(readv), P(write), P(recv), P(recvmsg), P(poll), P(select), P(pselect), P(nanosleep), P(clock_nanosleep),
	P(sleep), P(usleep), P(pause), P(sigsuspend), P(sigwait), P(sigtimedwait), P(sem_wait), P(sem_timedwait), P(wait),
	P(join), P(cond_wait), P(cond_timedwait), P(open), P(testcancel), P(loop),
};

static void clean(void *arg)
{
	cleaned++;
}

static void *run(void *arg)
{
	const struct point *p = arg;
	int off;

	pthread_cleanup_push(clean, 0);
	if (entered < 0) {		/* cancelled before it comes to the point */
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &off);
		entered = 1;
		while (entered == 1)
			sched_yield();
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, 0);
	}
	entered = 1;
	p->fn();
	pthread_cleanup_pop(0);
	return 0;
}

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return 0;
}

static void try(const struct point *p, int before)
{
	void *result;
	pthread_t t;

	entered = before ? -1 : 0;
	cleaned = 0;
	pthread_create(&t, 0, run, (void *)p);
	while (entered != 1)
		sched_yield();
	if (!before)
		usleep(5000);
	pthread_cancel(t);
	entered = 2;
	pthread_join(t, &result);
	if (result != PTHREAD_CANCELED || cleaned != 1)
		printf("%s%s: result %p, %d handlers\n", p->name, before ? " (before)" : "", result, cleaned);
}

int main(void)
{
	int value;
	pid_t child;

	alarm(80);
	pipe(pipes);
	pipe2(full, O_NONBLOCK);
	while (write(full[1], buf, 1) > 0 || write(full[1], points, sizeof(points)) > 0)
		;
	fcntl(full[1], F_SETFL, 0);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	sem_init(&sem, 0, 0);
	mkfifo("fifo", 0600);
	child = fork();
	if (!child)
		for (;;)
			pause();
	pthread_create(&forever, 0, sleeper, 0);
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++) {
		try(points + i, 0);
		try(points + i, 1);
	}
	kill(child, SIGKILL);
	sem_getvalue(&sem, &value);
	if (value)
		printf("semaphore %d\n", value);
	return 0;
}
