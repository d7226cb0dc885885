/* SPDX-License-Identifier: MIT */
/* Heads of patches: mail headers, a message, "---" and the diffstat, the diff. */
#include <stdlib.h>
#include <string.h>

#include "patchfile.h"

/* The words of OpenEmbedded's Upstream-Status, which other trees use too. */
static const char *const statuses[] = {
	"Pending", "Submitted", "Accepted", "Backport", "Denied", "Inactive-Upstream",
	"Inappropriate", NULL
};

struct reader {
	struct patch_head *h;
	const char *text;
	size_t len, at;
	int line_no;
	struct buf body;
};

static int
starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The next line, fresh, without its newline; NULL at the end. */
static char *
next_line(struct reader *rd)
{
	const char *s = rd->text + rd->at, *end;
	size_t n = rd->len - rd->at;
	char *line;

	if (!n)
		return NULL;
	end = memchr(s, '\n', n);
	n = end ? (size_t)(end - s) : n;
	rd->at += n + (end != NULL);
	rd->line_no++;
	line = fmt("%.*s", (int)n, s);
	n = strlen(line);
	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
	return line;
}

static int
begins_diff(const char *line)
{
	return starts(line, "diff ") || starts(line, "Index: ") || starts(line, "--- a/") ||
		starts(line, "--- /dev/null") || starts(line, "=== ");
}

/* "[PATCH 1/3] text" is "text". */
static char *
clean_subject(const char *s)
{
	if (*s == '[' && strchr(s, ']')) {
		s = strchr(s, ']') + 1;
		s += strspn(s, " ");
	}
	return xdup(s);
}

static void
take(char **field, const char *value)
{
	if (!*field)
		*field = xdup(value + strspn(value, " \t"));
}

static void
take_status(struct reader *rd, const char *line)
{
	if (!rd->h->status) {
		take(&rd->h->status, line + strlen("Upstream-Status:"));
		rd->h->status_line = rd->line_no;
	}
}

/* One mail header; folded subjects go on in lines that begin with a blank. */
static void
take_header(struct reader *rd, const char *line)
{
	struct patch_head *h = rd->h;

	if (starts(line, "From:"))
		take(&h->from, line + 5);
	else if (starts(line, "Author:"))
		take(&h->from, line + 7);
	else if (starts(line, "Date:"))
		take(&h->date, line + 5);
	else if (starts(line, "Subject:") && !h->subject)
		h->subject = clean_subject(line + 8 + strspn(line + 8, " "));
	else if (starts(line, "Upstream-Status:"))
		take_status(rd, line);
}

static void
unfold_subject(struct patch_head *h, const char *line)
{
	char *s = fmt("%s%s", h->subject, line);

	free(h->subject);
	h->subject = s;
}

/* Headers are there when the first line is one. */
static void
read_headers(struct reader *rd)
{
	size_t start;
	int in_subject = 0;
	char *line;

	for (;;) {
		start = rd->at;
		line = next_line(rd);
		if (!line)
			return;
		if (!*line || begins_diff(line) || strcmp(line, "---") == 0)
			break;
		if (in_subject && (*line == ' ' || *line == '\t')) {
			unfold_subject(rd->h, line);
		} else {
			take_header(rd, line);
			in_subject = starts(line, "Subject:");
		}
		free(line);
	}
	if (*line) {
		rd->at = start;
		rd->line_no--;
	}
	free(line);
}

/* The message ends at "---" or at the diff; what follows "---" is the diffstat. */
static void
read_body(struct reader *rd)
{
	int in_message = 1;
	size_t start;
	char *line;

	for (start = rd->at; (line = next_line(rd)); start = rd->at) {
		if (begins_diff(line)) {
			free(line);
			rd->h->diff = start;
			return;
		}
		if (strcmp(line, "---") == 0)
			in_message = 0;
		if (starts(line, "Upstream-Status:"))
			take_status(rd, line);
		if (in_message)
			buf_fmt(&rd->body, "%s\n", line);
		free(line);
	}
	rd->h->diff = rd->len;
}

/* As git keeps it: no blank lines at both ends. */
static char *
trimmed(const char *s)
{
	size_t n;

	s += strspn(s, "\n");
	n = strlen(s);
	while (n && (s[n - 1] == '\n' || s[n - 1] == ' '))
		n--;
	return fmt("%.*s", (int)n, s);
}

static char *
make_message(struct reader *rd)
{
	struct patch_head *h = rd->h;
	char *body = trimmed(rd->body.s ? rd->body.s : ""), *message;
	int has_status = h->status && (starts(body, "Upstream-Status:") ||
			strstr(body, "\nUpstream-Status:"));
	char *status = h->status && !has_status ? fmt("%sUpstream-Status: %s", *body ? "\n\n" : "",
			h->status) : xdup("");

	message = fmt("%s%s%s%s", h->subject ? h->subject : "", *body || *status ? "\n\n" : "",
			body, status);
	free(body);
	free(status);
	return message;
}

void
patch_head_read(struct patch_head *h, const char *text, size_t len)
{
	struct reader rd = { .h = h, .text = text, .len = len };

	memset(h, 0, sizeof(*h));
	if (len && (starts(text, "From") || starts(text, "Subject:") || starts(text, "Author:") ||
	    starts(text, "Date:") || starts(text, "Upstream-Status:")))
		read_headers(&rd);
	read_body(&rd);
	h->message = make_message(&rd);
	free(rd.body.s);
}

void
patch_head_free(struct patch_head *h)
{
	free(h->from);
	free(h->date);
	free(h->subject);
	free(h->status);
	free(h->message);
}

const char *
patch_status_refused(const char *status)
{
	size_t i, n = strcspn(status, " \t[(");

	for (i = 0; statuses[i]; i++)
		if (strlen(statuses[i]) == n && strncmp(statuses[i], status, n) == 0)
			return strcmp(statuses[i], "Inappropriate") || strchr(status, '[') ? NULL :
				"'Inappropriate' must say why: Inappropriate [reason]";
	return "not one of Pending, Submitted, Accepted, Backport, Denied, Inactive-Upstream, "
		"Inappropriate [reason]";
}
