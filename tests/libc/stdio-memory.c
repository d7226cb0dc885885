/* SPDX-License-Identifier: MIT */
/* Streams in memory: fmemopen, open_memstream, open_wmemstream. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int main(void)
{
	char *p, buf[10] = "0123456789", line[20];
	size_t n;
	wchar_t *w;
	FILE *f = open_memstream(&p, &n);
	fprintf(f, "hello %d", 42);
	fflush(f);
	assert(n == 8 && !strcmp(p, "hello 42"));
	fseek(f, 1, SEEK_SET);
	fputc('E', f);
	fclose(f);
	assert(n == 2 && !strcmp(p, "hEllo 42"));
	free(p);

	f = fmemopen(buf, 10, "r+");
	assert(fgetc(f) == '0' && ungetc('x', f) == 'x' && fgetc(f) == 'x');
	assert(fseek(f, 8, SEEK_SET) == 0 && fgets(line, 20, f) && !strcmp(line, "89") && feof(f));
	rewind(f);
	assert(fputs("abc", f) >= 0 && fclose(f) == 0 && !memcmp(buf, "abc3456789", 10));

	f = open_wmemstream(&w, &n);
	assert(fputws(L"abc", f) >= 0 && fclose(f) == 0 && n == 3 && !wcscmp(w, L"abc"));
	free(w);
	return 0;
}
