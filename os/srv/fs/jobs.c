/* SPDX-License-Identifier: MIT */
/*
 * Work for the disk, done beside the message loop. The loop's thread owns the library and everything of
 * this server; a worker runs job->run, which may touch nothing but the job, its buffer and the device, and
 * then calls the server itself, so that job->done runs in the loop's thread. Meanwhile the worker
 * waits, and its buffer is the job's.
 *
 * Without workers (memory file systems, tests) a job is done at once.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "fsd.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER, ran = PTHREAD_COND_INITIALIZER;
static struct job *first, **last = &first;	/* lock */
static handle_t self = H_NONE;
static unsigned workers;

static struct job *next_job(void)
{
	struct job *j;

	pthread_mutex_lock(&lock);
	while (!first)
		pthread_cond_wait(&work, &lock);
	j = first;
	first = j->next;
	if (!first)
		last = &first;
	pthread_mutex_unlock(&lock);
	return j;
}

static void *worker(void *buf)
{
	for (;;) {
		struct job *j = next_job();
		struct msg m = { .w = { JOB_DONE, (uint64_t)j, (uint64_t)buf } };

		j->run(j, buf);
		pthread_mutex_lock(&lock);
		j->ran = true;
		pthread_cond_broadcast(&ran);
		pthread_mutex_unlock(&lock);
		sys_call(self, &m);
	}
	return NULL;
}

void job_submit(struct job *j)
{
	static uint8_t *buf;

	j->ran = false;
	j->next = NULL;
	if (!workers) {
		if (!buf)
			buf = aligned_alloc(PAGE, JOB_BUF);
		j->run(j, buf);
		j->ran = true;
		j->done(j, buf);
		return;
	}
	pthread_mutex_lock(&lock);
	*last = j;
	last = &j->next;
	pthread_cond_signal(&work);
	pthread_mutex_unlock(&lock);
}

/* Waits until the job has run. Its done is still to come. */
void job_wait(struct job *j)
{
	pthread_mutex_lock(&lock);
	while (!j->ran)
		pthread_cond_wait(&ran, &lock);
	pthread_mutex_unlock(&lock);
}

int64_t jobs_message(struct srv_req *r)
{
	struct job *j = (struct job *)r->m.w[1];

	if (r->m.w[0] == JOB_DONE)
		j->done(j, (void *)r->m.w[2]);
	return 0;
}

/* Fewer than asked for is no error: none means that everything waits for the disk. */
void jobs_start(unsigned n)
{
	struct file_args a = { .id = JOBS_ID, .rights = R_CALL, .plane = PLANE_NONE, .data = H_NONE };
	int64_t h = n ? sys_file_create(fsd.srv.port, &a) : -1;
	pthread_t t;

	if (h < 0)
		return;
	self = (handle_t)h;
	for (; workers < n; workers++) {
		void *buf = mmap(NULL, JOB_BUF, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (buf == MAP_FAILED || pthread_create(&t, NULL, worker, buf))
			break;
	}
}
