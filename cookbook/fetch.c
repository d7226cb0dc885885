/* SPDX-License-Identifier: MIT */
/* One download by libcurl, resumed when a part is there. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cook.h"

struct target_file {
	const char *path;
	FILE *f;
	int error;			/* why it could not be written, or 0 */
};

static size_t
to_file(char *data, size_t size, size_t n, void *arg)
{
	struct target_file *to = arg;
	size_t done = fwrite(data, size, n, to->f);

	if (done < n)
		to->error = errno;
	return done * size;
}

/* What cannot be flushed is dropped from the buffer: fclose() would find nothing wrong any more. */
static void
flush(struct target_file *to)
{
	if (fflush(to->f) != 0 && !to->error)
		to->error = errno;
}

static void
set_options(CURL *curl, const char *url, struct target_file *to, char *why)
{
	struct stat st;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 8L);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 30L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 100L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "cook");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, to_file);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, to);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	if (fstat(fileno(to->f), &st) == 0 && st.st_size > 0)
		curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)st.st_size);
}

/* What failed: a full disk is not the server's fault, and without a network there is another way. */
static void
say_why(CURLcode code, const char *why, const char *url, const struct target_file *to)
{
	int offline = code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT;

	if (to->error)
		warn_("%s: %s", to->path, strerror(to->error));
	else
		warn_("%s: %s%s", url, *why ? why : curl_easy_strerror(code), !offline ? "" :
			" (without a network: cook --sources DIR takes what cook mirror DIR wrote elsewhere)");
}

/* 0; -1 and a message; with optional set -ENOENT and none when the server has no such file. */
static int
perform(const char *url, struct target_file *to, int optional)
{
	char why[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;
	long status = 0;
	int tries;

	if (!curl)
		return -1;
	for (tries = 0; tries < 3; tries++) {
		set_options(curl, url, to, why);
		code = curl_easy_perform(curl);
		flush(to);
		if (code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR || to->error)
			break;
		if (code == CURLE_RANGE_ERROR && ftruncate(fileno(to->f), 0) == 0)
			curl_easy_reset(curl);
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (optional && code == CURLE_HTTP_RETURNED_ERROR && status == 404)
		return -ENOENT;
	if (code == CURLE_OK && !to->error)
		return 0;
	say_why(code, why, url, to);
	return -1;
}

static int
fetch(const char *url, const char *path, int optional)
{
	struct target_file to = { .path = path };
	static int ready;
	int r;

	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return -1;
	ready = 1;
	to.f = fopen(path, "ae");
	if (!to.f) {
		warn_("%s: %s", path, strerror(errno));
		return -1;
	}
	r = perform(url, &to, optional);
	if (fclose(to.f) != 0 && r == 0) {
		warn_("%s: %s", path, strerror(errno));
		r = -1;
	}
	return r;
}

int
fetch_url(const char *url, const char *to)
{
	return fetch(url, to, 0);
}

int
fetch_optional(const char *url, const char *to)
{
	return fetch(url, to, 1);
}
