/* SPDX-License-Identifier: MIT */
/*
 * Downloads by libcurl, several at once. A download of known length and hash goes to PATH.part,
 * is resumed when it was cut, never grows beyond its length, and is renamed to PATH only after its
 * hash was found right. A server that sends less than SLOWEST bytes a second is given up.
 */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkg.h"

#define PARALLEL	4
#define TRIES		3
#define STALL		30		/* seconds below SLOWEST that end a transfer */
#define SLOWEST		1000		/* bytes a second */
#define CONNECT_TRIES	6		/* a second apart: the network may just be coming up */

struct transfer {
	struct download *d;
	struct pkg *k;
	CURL *curl;
	int fd;
	uint64_t have;			/* bytes in the file */
	unsigned tries;
	int io;				/* errno of a failed write */
	bool done;
	int progress;			/* its line on the terminal */
	char why[CURL_ERROR_SIZE];
};

static size_t
on_data(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n, at = 0;

	if (len > t->d->bytes - t->have) {
		t->io = -1;		/* too long */
		return 0;
	}
	while (at < len) {
		ssize_t w = write(t->fd, data + at, len - at);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0) {
			t->io = errno;
			return 0;
		}
		at += (size_t)w;
	}
	t->have += len;
	progress_add(t->k, t->progress, len);
	return len;
}

static void
part_name(const struct download *d, char buf[CPK_MAX_PATH + 8])
{
	snprintf(buf, CPK_MAX_PATH + 8, "%s.part", d->path);
}

/* Opens the partial file; what it holds already is kept when the hash will tell. */
static int
open_part(struct transfer *t)
{
	char part[CPK_MAX_PATH + 8];
	struct stat st;
	int keep = t->d->exact ? 0 : O_TRUNC;

	part_name(t->d, part);
	t->fd = openat(t->k->rootfd, part, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | keep, 0644);
	if (t->fd < 0 || fstat(t->fd, &st))
		return fail(ST_IO, "/%s: %s", part, strerror(errno));
	t->have = (uint64_t)st.st_size;
	if (t->have >= t->d->bytes)
		t->have = 0;
	if (ftruncate(t->fd, (off_t)t->have) || lseek(t->fd, 0, SEEK_END) < 0)
		return fail(ST_IO, "/%s: %s", part, strerror(errno));
	return 0;
}

static void
set_options(struct transfer *t)
{
	long stall = t->d->stall ? t->d->stall : STALL;
	CURL *c = t->curl;

	curl_easy_setopt(c, CURLOPT_URL, t->d->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http,file");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 15L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, stall);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 2 * stall + (long)(t->d->bytes / SLOWEST));
	curl_easy_setopt(c, CURLOPT_USERAGENT, "calx-pkg");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(c, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)t->have);
	if (t->d->ca)
		curl_easy_setopt(c, CURLOPT_CAINFO, t->d->ca);
}

static int
start(CURLM *m, struct transfer *t)
{
	int r = open_part(t);

	if (r)
		return r;
	t->why[0] = '\0';
	t->io = 0;
	t->tries++;
	t->curl = curl_easy_init();
	if (!t->curl)
		return fail(ST_FAIL, "out of memory");
	set_options(t);
	t->progress = progress_begin(t->k, t->d->label, t->d->bytes - t->have);
	return curl_multi_add_handle(m, t->curl) ? fail(ST_FAIL, "out of memory") : 0;
}

/* The hash of the whole partial file is the one wanted. */
static bool
right_hash(const struct transfer *t, const char *part)
{
	int fd = openat(t->k->rootfd, part, O_RDONLY | O_CLOEXEC), r;
	uint8_t hash[CPK_HASH];
	uint64_t size;

	bool ok;

	if (fd < 0)
		return false;
	if (t->d->right) {
		ok = t->d->right(fd, t->d->arg);
		close(fd);
		return ok && t->have == t->d->bytes;
	}
	r = cpk_hash_fd(fd, hash, &size);
	close(fd);
	return r == 0 && size == t->d->bytes && memcmp(hash, t->d->hash, CPK_HASH) == 0;
}

static int
accept_file(struct transfer *t)
{
	char part[CPK_MAX_PATH + 8], size[16];

	part_name(t->d, part);
	if (t->d->exact && !right_hash(t, part)) {
		unlinkat(t->k->rootfd, part, 0);
		return fail(t->d->wrong ? t->d->wrong : ST_SWAPPED, "%s: does not have the length"
				" and hash that were signed for it; thrown away", t->d->url);
	}
	if (renameat(t->k->rootfd, part, t->k->rootfd, t->d->path))
		return fail(ST_IO, "/%s: %s", t->d->path, strerror(errno));
	if (t->d->label)
		say(t->k, "  %s (%s)", t->d->label, human(t->have, size));
	t->done = true;
	return 0;
}

static bool
worth_another_try(CURLcode code)
{
	return code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
		code == CURLE_SEND_ERROR;
}

/* The server answered, and says that it has no such file. */
static bool
not_there(CURLcode code, long answer)
{
	return (code == CURLE_HTTP_RETURNED_ERROR && (answer == 404 || answer == 410)) ||
		code == CURLE_FILE_COULDNT_READ_FILE || code == CURLE_REMOTE_FILE_NOT_FOUND;
}

/* A connection that stood but brought too little; one that never stood is the network's fault. */
static int
give_up(const struct transfer *t, CURLcode code, bool connected)
{
	if (code == CURLE_OPERATION_TIMEDOUT && connected)
		return fail(ST_SLOW, "%s: the server sends less than %d bytes a second; given up",
				t->d->url, SLOWEST);
	return fail(ST_NET, "%s: %s", t->d->url, *t->why ? t->why : curl_easy_strerror(code));
}

/* What ended transfer t: accepted, tried again, or an error. */
static int
finish(CURLM *m, struct transfer *t, CURLcode code)
{
	char part[CPK_MAX_PATH + 8];
	curl_off_t connect = 0;
	long answer = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &answer);
	curl_easy_getinfo(t->curl, CURLINFO_CONNECT_TIME_T, &connect);
	curl_multi_remove_handle(m, t->curl);
	curl_easy_cleanup(t->curl);
	t->curl = NULL;
	progress_end(t->k, t->progress);
	/* What is renamed into place must be on the disk before its name is. */
	if (((code == CURLE_OK && fsync(t->fd)) | close(t->fd)) && code == CURLE_OK) {
		code = CURLE_WRITE_ERROR;
		t->io = errno;
	}
	t->fd = -1;
	if (code == CURLE_OK)
		return accept_file(t);
	if (t->io > 0)
		return fail(ST_IO, "/%s: %s", t->d->path, strerror(t->io));
	if (t->io < 0) {
		part_name(t->d, part);
		unlinkat(t->k->rootfd, part, 0);
		return fail(ST_ENDLESS, "%s: longer than the %llu bytes it may have; given up",
				t->d->url, (unsigned long long)t->d->bytes);
	}
	if (code == CURLE_RANGE_ERROR) {	/* the server does not resume: from the start */
		part_name(t->d, part);
		unlinkat(t->k->rootfd, part, 0);
		return start(m, t);
	}
	if (worth_another_try(code) && t->tries < TRIES)
		return start(m, t);
	if (code == CURLE_COULDNT_CONNECT && t->tries < CONNECT_TRIES) {
		sleep(1);
		return start(m, t);
	}
	if (t->d->optional && not_there(code, answer)) {
		t->d->missing = true;
		return 0;
	}
	return give_up(t, code, connect > 0);
}

/* Hands ended transfers to finish(); *running counts those under way. */
static int
reap(CURLM *m, size_t *running)
{
	struct transfer *t;
	CURLMsg *msg;
	int left, r = 0;

	while (!r && (msg = curl_multi_info_read(m, &left))) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		r = finish(m, t, msg->data.result);
		if (!t->curl)
			(*running)--;
	}
	return r;
}

static int
run(CURLM *m, struct transfer *t, size_t n)
{
	size_t next = 0, running = 0;
	int r = 0, active;

	while (!r && (next < n || running)) {
		while (!r && next < n && running < PARALLEL) {
			r = start(m, &t[next++]);
			running++;
		}
		if (!r && curl_multi_perform(m, &active))
			r = fail(ST_FAIL, "curl_multi_perform failed");
		if (!r)
			r = reap(m, &running);
		if (!r && running && curl_multi_poll(m, NULL, 0, 1000, NULL))
			r = fail(ST_FAIL, "curl_multi_poll failed");
	}
	return r;
}

int
fetch(struct pkg *k, struct download *d, size_t n)
{
	struct transfer *t = calloc(n ? n : 1, sizeof(*t));
	static bool started;
	CURLM *m;
	size_t i;
	int r;

	if (!started && curl_global_init(CURL_GLOBAL_DEFAULT))
		return fail(ST_FAIL, "the network library does not start");
	started = true;
	m = curl_multi_init();
	if (!t || !m)
		return fail(ST_FAIL, "out of memory");
	for (i = 0; i < n; i++) {
		t[i].d = &d[i];
		t[i].k = k;
		t[i].fd = -1;
	}
	r = run(m, t, n);
	for (i = 0; i < n; i++) {
		if (t[i].curl) {
			curl_multi_remove_handle(m, t[i].curl);
			curl_easy_cleanup(t[i].curl);
		}
		if (t[i].fd >= 0)
			close(t[i].fd);
	}
	curl_multi_cleanup(m);
	free(t);
	return r;
}
