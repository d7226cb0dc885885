/* SPDX-License-Identifier: MIT */
/*
 * repo serve: the files of a repository by HTTP, through libmicrohttpd. Only names that a
 * repository has are served (metadata/, targets/, pool/HH/HASH.cpk, .cpd); byte ranges are
 * honoured, so that downloads resume.
 */
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "repo.h"

#define PORT 8642

static int
hex_run(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") == n;
}

static int
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

/*
 * 1 when path is one that a repository has: metadata/FILE.json, pool/HH/HASH.cpk, and a target,
 * whose last component begins with its hash. Names are as in URLs, decoded once.
 */
static int
servable(const char *path)
{
	const char *name = strrchr(path, '/');

	if (strstr(path, "/.") || strstr(path, "//"))
		return 0;
	if (strncmp(path, "/metadata/", 10) == 0)
		return name == path + 9 && ends(path, ".json");
	if (strncmp(path, "/targets/", 9) == 0)
		return hex_run(name + 1, 64) && name[65] == '.';
	return strncmp(path, "/pool/", 6) == 0 && hex_run(path + 6, 2) && path[8] == '/' &&
		hex_run(path + 9, 64) &&
		(strcmp(path + 73, ".cpk") == 0 || strcmp(path + 73, ".cpd") == 0);
}

static enum MHD_Result
answer_text(struct MHD_Connection *c, unsigned status, const char *text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), (void *)text,
			MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ok = MHD_queue_response(c, status, r);

	MHD_destroy_response(r);
	return ok;
}

/* "bytes=FIRST-[LAST]" within size; 1 when it is such a range. Anything else is ignored (RFC 9110). */
static int
parse_range(const char *s, uint64_t size, uint64_t *first, uint64_t *last)
{
	char *end;

	if (!s || strncmp(s, "bytes=", 6) || s[6] < '0' || s[6] > '9')
		return 0;
	*first = strtoull(s + 6, &end, 10);
	if (*end != '-')
		return 0;
	*last = size ? size - 1 : 0;
	if (end[1] >= '0' && end[1] <= '9') {
		uint64_t v = strtoull(end + 1, &end, 10);

		if (v < *last)
			*last = v;
	} else {
		end++;
	}
	return !*end;
}

static enum MHD_Result
answer_file(struct MHD_Connection *c, int fd, uint64_t size)
{
	const char *range = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Range");
	struct MHD_Response *r;
	enum MHD_Result ok;
	uint64_t first = 0, last = 0;
	int part = parse_range(range, size, &first, &last);
	char text[100];

	if (part && (first >= size || last < first)) {
		close(fd);
		return answer_text(c, MHD_HTTP_RANGE_NOT_SATISFIABLE, "no such range\n");
	}
	r = MHD_create_response_from_fd_at_offset64(part ? last - first + 1 : size, fd, first);
	if (!r) {
		close(fd);
		return MHD_NO;
	}
	if (part) {
		snprintf(text, sizeof(text), "bytes %llu-%llu/%llu", (unsigned long long)first,
				(unsigned long long)last, (unsigned long long)size);
		MHD_add_response_header(r, "Content-Range", text);
	}
	MHD_add_response_header(r, "Accept-Ranges", "bytes");
	MHD_add_response_header(r, "Content-Type", "application/octet-stream");
	ok = MHD_queue_response(c, part ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result
answer(void *dir, struct MHD_Connection *c, const char *path, const char *method,
		const char *version, const char *data, size_t *ndata, void **state)
{
	char file[4096];
	struct stat st;
	int fd;

	(void)version, (void)data, (void)ndata, (void)state;
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return answer_text(c, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
	if (!servable(path))
		return answer_text(c, MHD_HTTP_NOT_FOUND, "no such file in the repository\n");
	snprintf(file, sizeof(file), "%s%s", (const char *)dir, path);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			close(fd);
		return answer_text(c, MHD_HTTP_NOT_FOUND, "no such file in the repository\n");
	}
	return answer_file(c, fd, (uint64_t)st.st_size);
}

/* Serves until SIGINT or SIGTERM. */
static int
serve(const char *dir, const char *address, unsigned port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct MHD_Daemon *d;
	sigset_t set;
	int got;

	if (inet_pton(AF_INET, address, &sa.sin_addr) != 1)
		return complain("%s: is not an IPv4 address", address);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	d = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, (uint16_t)port, NULL,
			NULL, answer, (void *)dir, MHD_OPTION_SOCK_ADDR, &sa,
			MHD_OPTION_CONNECTION_LIMIT, 256u, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
			MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
	if (!d)
		return complain("cannot listen on %s port %u: %s", address, port, strerror(errno));
	printf("repo: serving %s at http://%s:%u/\n", dir, address, port);
	fflush(stdout);
	sigwait(&set, &got);
	MHD_stop_daemon(d);
	return 0;
}

int
cmd_serve(int argc, char **argv)
{
	const char *address = "127.0.0.1";
	long port = PORT;
	int c;

	while ((c = getopt(argc, argv, "a:p:")) != -1) {
		if (c == 'a')
			address = optarg;
		else if (c == 'p')
			port = atol(optarg);
		else
			return usage(NULL);
	}
	if (optind + 1 != argc || port < 1 || port > 65535)
		return usage("serve takes a folder, and a port from 1 to 65535");
	if (access(argv[optind], R_OK | X_OK))
		return complain("%s: %s", argv[optind], strerror(errno));
	return serve(argv[optind], address, (unsigned)port);
}
