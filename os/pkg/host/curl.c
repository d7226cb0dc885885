/* SPDX-License-Identifier: MIT */
/*
 * libcurl on the host, loaded when something is fetched: with it come some forty libraries, which
 * a search or a list need not wait for. On Calx pkg is static and has it inside. The varargs that
 * pkg passes are pointers, longs and offsets: each of them a word.
 */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
_Static_assert(sizeof(long) == sizeof(void *) && sizeof(curl_off_t) == sizeof(void *), "words");

static void *
find(const char *name)
{
	static void *lib;
	void *f;

	if (!lib)
		lib = dlopen("libcurl.so.4", RTLD_NOW);
	f = lib ? dlsym(lib, name) : NULL;
	if (!f) {
		fprintf(stderr, "pkg: %s\n", dlerror());
		exit(5);
	}
	return f;
}

#define LAZY(ret, name, params, args) \
	ret name params \
	{ \
		static __typeof__(&name) f; \
		if (!f) \
			f = (__typeof__(f))find(#name); \
		return f args; \
	}

LAZY(CURLcode, curl_global_init, (long flags), (flags))
LAZY(CURL *, curl_easy_init, (void), ())
LAZY(void, curl_easy_cleanup, (CURL *c), (c))
LAZY(const char *, curl_easy_strerror, (CURLcode code), (code))
LAZY(CURLM *, curl_multi_init, (void), ())
LAZY(CURLMcode, curl_multi_add_handle, (CURLM *m, CURL *c), (m, c))
LAZY(CURLMcode, curl_multi_remove_handle, (CURLM *m, CURL *c), (m, c))
LAZY(CURLMcode, curl_multi_perform, (CURLM *m, int *n), (m, n))
LAZY(CURLMcode, curl_multi_cleanup, (CURLM *m), (m))
LAZY(CURLMsg *, curl_multi_info_read, (CURLM *m, int *n), (m, n))
LAZY(CURLMcode, curl_multi_poll, (CURLM *m, struct curl_waitfd *v, unsigned n, int ms, int *got),
		(m, v, n, ms, got))

CURLcode
curl_easy_setopt(CURL *c, CURLoption option, ...)
{
	static __typeof__(&curl_easy_setopt) f;
	va_list ap;
	void *word;

	if (!f)
		f = (__typeof__(f))find("curl_easy_setopt");
	va_start(ap, option);
	word = va_arg(ap, void *);
	va_end(ap);
	return f(c, option, word);
}

CURLcode
curl_easy_getinfo(CURL *c, CURLINFO info, ...)
{
	static __typeof__(&curl_easy_getinfo) f;
	va_list ap;
	void *word;

	if (!f)
		f = (__typeof__(f))find("curl_easy_getinfo");
	va_start(ap, info);
	word = va_arg(ap, void *);
	va_end(ap);
	return f(c, info, word);
}
