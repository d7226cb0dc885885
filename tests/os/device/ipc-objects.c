/* SPDX-License-Identifier: MIT */
/* Message queues of POSIX and the shared memory, semaphores and messages of System V. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../check.h"

#define NAME "/ipc-test"

static mqd_t queue(int flags, long msgs, long len)
{
	struct mq_attr a = { .mq_maxmsg = msgs, .mq_msgsize = len };
	mqd_t q;

	mq_unlink(NAME);
	q = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &a);
	CHECK(q >= 0);
	return q;
}

static void queues_go_by_priority(void)
{
	struct mq_attr a;
	unsigned prio;
	char buf[16];
	mqd_t q = queue(0, 4, 16);

	CHECK(!mq_send(q, "low", 3, 1) && !mq_send(q, "high", 4, 9) && !mq_send(q, "high2", 5, 9));
	CHECK(!mq_getattr(q, &a) && a.mq_curmsgs == 3 && a.mq_maxmsg == 4 && a.mq_msgsize == 16 && !a.mq_flags);
	CHECK(mq_receive(q, buf, 16, &prio) == 4 && prio == 9 && !memcmp(buf, "high", 4));
	CHECK(mq_receive(q, buf, 16, &prio) == 5 && mq_receive(q, buf, 16, NULL) == 3);
	CHECK(mq_receive(q, buf, 15, NULL) == -1 && errno == EMSGSIZE);
	CHECK(mq_send(q, buf, 17, 0) == -1 && errno == EMSGSIZE);
	CHECK(mq_send(q, buf, 1, 32768) == -1 && errno == EINVAL);
	CHECK(!mq_close(q) && mq_send(q, buf, 1, 0) == -1 && errno == EBADF);
	CHECK(!mq_unlink(NAME) && mq_open(NAME, O_RDWR) == -1 && errno == ENOENT);
}

static void queues_wait_and_time_out(void)
{
	struct timespec ts;
	struct pollfd p;
	char buf[8];
	mqd_t q = queue(0, 1, 8);
	pid_t pid = fork();

	if (!pid) {
		usleep(100000);
		_exit(mq_send(q, "late", 4, 0) != 0);
	}
	CHECK(mq_receive(q, buf, 8, NULL) == 4);
	waitpid(pid, NULL, 0);
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 50000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	CHECK(mq_timedreceive(q, buf, 8, NULL, &ts) == -1 && errno == ETIMEDOUT);
	CHECK(!mq_timedsend(q, "x", 1, 0, &ts) && mq_timedsend(q, "x", 1, 0, &ts) == -1 && errno == ETIMEDOUT);
	p = (struct pollfd){ q, POLLIN | POLLOUT, 0 };
	CHECK(poll(&p, 1, 0) == 1 && p.revents == POLLIN);
	ts.tv_nsec = -1;
	CHECK(mq_timedsend(q, "x", 1, 0, &ts) == -1 && errno == EINVAL);
	CHECK(!mq_setattr(q, &(struct mq_attr){ .mq_flags = O_NONBLOCK }, NULL));
	CHECK(mq_send(q, "x", 1, 0) == -1 && errno == EAGAIN);
	mq_close(q);
	mq_unlink(NAME);
}

static volatile sig_atomic_t value, code;

static void on_usr1(int sig, siginfo_t *si, void *uc)
{
	(void)sig;
	(void)uc;
	value = si->si_value.sival_int;
	code = si->si_code;
}

static volatile int called;

static void in_thread(union sigval v)
{
	called = v.sival_int;
}

static void queues_tell_of_the_first_message(void)
{
	struct sigaction sa = { .sa_sigaction = on_usr1, .sa_flags = SA_SIGINFO };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42 };
	char buf[8];
	mqd_t q = queue(0, 4, 8);

	sigaction(SIGUSR1, &sa, NULL);
	CHECK(!mq_notify(q, &ev) && mq_notify(q, &ev) == -1 && errno == EBUSY);
	CHECK(!mq_send(q, "x", 1, 0) && value == 42 && code == SI_MESGQ);
	value = 0;
	CHECK(mq_receive(q, buf, 8, NULL) == 1 && !mq_send(q, "x", 1, 0) && !value);
	CHECK(mq_receive(q, buf, 8, NULL) == 1);
	ev = (struct sigevent){ .sigev_notify = SIGEV_THREAD, .sigev_notify_function = in_thread, .sigev_value.sival_int = 5 };
	CHECK(!mq_notify(q, &ev) && !mq_send(q, "x", 1, 0));
	for (int i = 0; i < 6000 && !called; i++)
		usleep(10000);
	CHECK(called == 5);
	CHECK(mq_receive(q, buf, 8, NULL) == 1 && !mq_notify(q, &ev) && !mq_notify(q, NULL));
	called = 0;
	CHECK(!mq_send(q, "x", 1, 0));
	usleep(50000);
	CHECK(!called);
	mq_close(q);
	mq_unlink(NAME);
	signal(SIGUSR1, SIG_DFL);
}

static void memory_is_shared(void)
{
	struct shmid_ds ds;
	int id = shmget(0x1234, 5000, IPC_CREAT | IPC_EXCL | 0600), status;
	char *p = shmat(id, NULL, 0), *q = shmat(id, NULL, SHM_RDONLY);
	pid_t pid;

	CHECK(id >= 0 && p != (void *)-1 && q != (void *)-1);
	CHECK(shmget(0x1234, 5000, IPC_CREAT | IPC_EXCL | 0600) == -1 && errno == EEXIST);
	CHECK(shmget(0x1234, 6000, 0) == -1 && errno == EINVAL && shmget(0x1234, 0, 0) == id);
	CHECK(!shmctl(id, IPC_STAT, &ds) && ds.shm_nattch == 2 && ds.shm_segsz == 5000 && ds.shm_perm.mode == 0600);
	pid = fork();
	if (!pid) {
		strcpy(p, "from the child");
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(!strcmp(q, "from the child"));
	CHECK(!shmctl(id, IPC_RMID, NULL) && shmget(0x1234, 0, 0) == -1 && errno == ENOENT);
	CHECK(!shmdt(p) && !strcmp(q, "from the child") && shmdt(p) == -1 && errno == EINVAL);
	CHECK(!shmdt(q));
	CHECK(shmctl(id, IPC_STAT, &ds) == -1 && errno == EINVAL);
}

union semun { int val; struct semid_ds *buf; unsigned short *array; };

static int change(int id, int num, int op, int flags)
{
	struct sembuf b = { (unsigned short)num, (short)op, (short)flags };

	return semop(id, &b, 1);
}

static void semaphores_count_and_wait(void)
{
	unsigned short v[2] = { 0, 3 };
	struct sembuf both[2] = { { 1, -1, 0 }, { 0, -1, IPC_NOWAIT } };
	int id = semget(IPC_PRIVATE, 2, 0600);
	pid_t pid;

	CHECK(id >= 0 && !semctl(id, 0, SETALL, (union semun){ .array = v }));
	CHECK(semctl(id, 1, GETVAL) == 3 && semop(id, both, 2) == -1 && errno == EAGAIN && semctl(id, 1, GETVAL) == 3);
	pid = fork();
	if (!pid)
		_exit(change(id, 0, -2, 0));
	for (int i = 0; i < 6000 && semctl(id, 0, GETNCNT) != 1; i++)
		usleep(10000);
	CHECK(semctl(id, 0, GETNCNT) == 1 && !change(id, 0, 1, 0));
	usleep(20000);
	CHECK(semctl(id, 0, GETVAL) == 1 && !change(id, 0, 1, 0));
	CHECK(waitpid(pid, NULL, 0) == pid && semctl(id, 0, GETVAL) == 0 && semctl(id, 0, GETPID) == pid);
	CHECK(semtimedop(id, both + 1, 1, &(struct timespec){ 0, 20000000 }) == -1 && errno == EAGAIN);
	CHECK(change(id, 2, 1, 0) == -1 && errno == EFBIG);
	CHECK(!semctl(id, 0, IPC_RMID) && change(id, 0, 1, 0) == -1 && errno == EINVAL);
}

static void semaphores_are_given_back_at_the_end(void)
{
	int id = semget(IPC_PRIVATE, 1, 0600);
	pid_t pid;

	CHECK(!semctl(id, 0, SETVAL, (union semun){ .val = 1 }));
	pid = fork();
	if (!pid) {
		change(id, 0, -1, SEM_UNDO);
		_exit(0);
	}
	CHECK(waitpid(pid, NULL, 0) == pid);
	CHECK(!change(id, 0, -1, 0));		/* waits for the child's to come back */
	semctl(id, 0, IPC_RMID);
}

static void messages_go_by_type(void)
{
	struct { long type; char text[8]; } m = { 3, "three" };
	int id = msgget(IPC_PRIVATE, 0600);
	struct msqid_ds ds;
	pid_t pid;

	CHECK(id >= 0 && !msgsnd(id, &m, 5, 0));
	m.type = 1;
	CHECK(!msgsnd(id, &m, 2, 0) && !msgctl(id, IPC_STAT, &ds) && ds.msg_qnum == 2 && ds.msg_cbytes == 7);
	CHECK(msgrcv(id, &m, 8, 2, IPC_NOWAIT) == -1 && errno == ENOMSG);
	CHECK(msgrcv(id, &m, 8, -5, 0) == 2 && m.type == 1);
	CHECK(msgrcv(id, &m, 3, 0, 0) == -1 && errno == E2BIG && msgrcv(id, &m, 3, 0, MSG_NOERROR) == 3);
	m.type = 0;
	CHECK(msgsnd(id, &m, 1, 0) == -1 && errno == EINVAL);
	pid = fork();
	if (!pid) {
		usleep(100000);
		m.type = 7;
		_exit(msgsnd(id, &m, 4, 0));
	}
	CHECK(msgrcv(id, &m, 8, 7, 0) == 4);
	waitpid(pid, NULL, 0);
	CHECK(!msgctl(id, IPC_RMID, NULL));
}

/* Nothing tells that somebody waits: a child that came too late is tried again with more time. */
static void who_waits_learns_of_the_removal(void)
{
	struct { long type; char text[8]; } m;
	int status = 0;

	for (useconds_t us = 100000; us < 60000000 && WEXITSTATUS(status) != 5; us *= 2) {
		int id = msgget(IPC_PRIVATE, 0600);
		pid_t pid = fork();

		if (!pid)
			_exit(msgrcv(id, &m, 8, 0, 0) != -1 ? 1 : errno == EIDRM ? 5 : errno == EINVAL ? 6 : 2);
		usleep(us);
		CHECK(!msgctl(id, IPC_RMID, NULL));
		CHECK(waitpid(pid, &status, 0) == pid && (WEXITSTATUS(status) == 5 || WEXITSTATUS(status) == 6));
	}
	CHECK(WEXITSTATUS(status) == 5);
}

static void strangers_are_kept_out(void)
{
	int shm = shmget(IPC_PRIVATE, 100, 0600), sem = semget(IPC_PRIVATE, 1, 0644), msg = msgget(IPC_PRIVATE, 0600), status;
	mqd_t q = queue(0, 4, 8);
	pid_t pid = fork();

	if (!pid) {
		struct { long type; char c; } m = { 1, 'x' };

		check_why = NULL;
		CHECK(!setgid(70) && !setuid(71));
		CHECK(shmat(shm, NULL, 0) == (void *)-1 && errno == EACCES);
		CHECK(change(sem, 0, 1, 0) == -1 && errno == EACCES && semctl(sem, 0, GETVAL) == 0);
		CHECK(semctl(sem, 0, IPC_RMID) == -1 && errno == EPERM);
		CHECK(msgsnd(msg, &m, 1, 0) == -1 && errno == EACCES);
		CHECK(mq_open(NAME, O_RDONLY) == -1 && errno == EACCES && mq_unlink(NAME) == -1 && errno == EACCES);
		if (check_why)
			printf("%s\n", check_why);
		fflush(stdout);
		_exit(check_why != NULL);
	}
	CHECK(waitpid(pid, &status, 0) == pid && !status);
	CHECK(!shmctl(shm, IPC_RMID, NULL) && !semctl(sem, 0, IPC_RMID) && !msgctl(msg, IPC_RMID, NULL));
	mq_close(q);
	mq_unlink(NAME);
}

#define T(f) { #f, f }
int main(void)
{
	static const struct test tests[] = {
		T(queues_go_by_priority), T(queues_wait_and_time_out), T(queues_tell_of_the_first_message),
		T(memory_is_shared), T(semaphores_count_and_wait), T(semaphores_are_given_back_at_the_end),
		T(messages_go_by_type), T(who_waits_learns_of_the_removal),
		T(strangers_are_kept_out), { NULL, NULL },
	};

	alarm(600);
	return run_tests(tests);
}
