/* SPDX-License-Identifier: MIT */
/*
 * Loaded into the host's programs by the second build of `cook repro`: the clock is a year
 * ahead and folders are read from their end.  Times of files stay as they are.  Programs
 * that are linked statically do not see it.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define YEAR 31536000

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int r = (int)syscall(SYS_clock_gettime, clock, ts);

	if (r == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ts->tv_sec += YEAR;
	return r;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &ts) == 0) {
		tv->tv_sec = ts.tv_sec;
		tv->tv_usec = ts.tv_nsec / 1000;
	}
	return 0;
}

time_t
time(time_t *out)
{
	struct timespec ts = { 0 };

	clock_gettime(CLOCK_REALTIME, &ts);
	if (out)
		*out = ts.tv_sec;
	return ts.tv_sec;
}

/* A folder that is being read: its entries, given out from the last one. */
struct reading {
	struct reading *next;
	DIR *d;
	struct dirent **v;
	size_t n;
};

static struct reading *all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct reading **
find(DIR *d)
{
	struct reading **p = &all;

	while (*p && (*p)->d != d)
		p = &(*p)->next;
	return p;
}

static void
fill(struct reading *r)
{
	struct dirent *(*real)(DIR *) = (struct dirent *(*)(DIR *))dlsym(RTLD_NEXT, "readdir64");
	struct dirent *e;

	while ((e = real(r->d))) {
		r->v = realloc(r->v, (r->n + 1) * sizeof(*r->v));
		r->v[r->n] = malloc(sizeof(*e));
		memcpy(r->v[r->n++], e, e->d_reclen);
	}
}

static void
drop(struct reading **p)
{
	struct reading *r = *p;

	if (!r)
		return;
	*p = r->next;
	/* What was given out may still be looked at: it is not freed. */
	free(r->v);
	free(r);
}

static struct dirent *
last_entry(DIR *d)
{
	struct reading **p, *r;
	struct dirent *e;

	pthread_mutex_lock(&lock);
	p = find(d);
	if (!*p) {
		*p = calloc(1, sizeof(**p));
		(*p)->d = d;
		fill(*p);
	}
	r = *p;
	e = r->n ? r->v[--r->n] : NULL;
	pthread_mutex_unlock(&lock);
	return e;
}

struct dirent *
readdir(DIR *d)
{
	return last_entry(d);
}

struct dirent64 *
readdir64(DIR *d)
{
	return (struct dirent64 *)last_entry(d);
}

static void
forget(DIR *d)
{
	pthread_mutex_lock(&lock);
	drop(find(d));
	pthread_mutex_unlock(&lock);
}

int
closedir(DIR *d)
{
	int (*real)(DIR *) = (int (*)(DIR *))dlsym(RTLD_NEXT, "closedir");

	forget(d);
	return real(d);
}

void
rewinddir(DIR *d)
{
	void (*real)(DIR *) = (void (*)(DIR *))dlsym(RTLD_NEXT, "rewinddir");

	forget(d);
	real(d);
}
