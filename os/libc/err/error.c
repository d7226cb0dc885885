/* SPDX-License-Identifier: MIT */
/* error, error_at_line: GNU's way to complain. */
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned error_message_count;
int error_one_per_line;
void (*error_print_progname)(void);

extern char *program_invocation_name;

static void
head(void)
{
	fflush(stdout);
	if (error_print_progname)
		error_print_progname();
	else
		fprintf(stderr, "%s:", program_invocation_name);
}

static void
tail(int status, int code, const char *fmt, va_list ap)
{
	vfprintf(stderr, fmt, ap);
	if (code)
		fprintf(stderr, ": %s", strerror(code));
	fputc('\n', stderr);
	error_message_count++;
	if (status)
		exit(status);
}

void
error(int status, int code, const char *fmt, ...)
{
	va_list ap;

	head();
	fputc(' ', stderr);
	va_start(ap, fmt);
	tail(status, code, fmt, ap);
	va_end(ap);
}

void
error_at_line(int status, int code, const char *file, unsigned line, const char *fmt, ...)
{
	static const char *last_file;
	static unsigned last_line;
	va_list ap;

	if (error_one_per_line && last_line == line && last_file &&
	    (last_file == file || (file && strcmp(last_file, file) == 0)))
		return;
	last_file = file;
	last_line = line;
	head();
	fprintf(stderr, "%s:%u: ", file, line);
	va_start(ap, fmt);
	tail(status, code, fmt, ap);
	va_end(ap);
}
