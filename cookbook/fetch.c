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

static size_t
to_file(char *data, size_t size, size_t n, void *arg)
{
	return fwrite(data, size, n, arg) * size;
}

static void
set_options(CURL *curl, const char *url, FILE *f, char *why)
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
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	if (fstat(fileno(f), &st) == 0 && st.st_size > 0)
		curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)st.st_size);
}

/* 0; -1 and a message; with optional set -ENOENT and none when the server has no such file. */
static int
perform(const char *url, FILE *f, int optional)
{
	char why[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;
	long status = 0;
	int tries;

	if (!curl)
		return -1;
	for (tries = 0; tries < 3; tries++) {
		set_options(curl, url, f, why);
		code = curl_easy_perform(curl);
		fflush(f);
		if (code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR)
			break;
		if (code == CURLE_RANGE_ERROR && ftruncate(fileno(f), 0) == 0)
			curl_easy_reset(curl);
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (optional && code == CURLE_HTTP_RETURNED_ERROR && status == 404)
		return -ENOENT;
	if (code != CURLE_OK)
		warn_("%s: %s", url, *why ? why : curl_easy_strerror(code));
	return code == CURLE_OK ? 0 : -1;
}

static int
fetch(const char *url, const char *to, int optional)
{
	static int ready;
	FILE *f;
	int r;

	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return -1;
	ready = 1;
	f = fopen(to, "ae");
	if (!f) {
		warn_("%s: %s", to, strerror(errno));
		return -1;
	}
	r = perform(url, f, optional);
	if (fclose(f) != 0 && r == 0) {
		warn_("%s: %s", to, strerror(errno));
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
