/* SPDX-License-Identifier: MIT */
/* Files: modes, seeking between reading and writing, ungetc, lines of any length. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	char *line = NULL, buf[64];
	size_t cap = 0;
	FILE *f = fopen("file", "w+x");
	assert(f && !fopen("file", "wx") && errno == EEXIST);
	for (int i = 0; i < 10000; i++)
		assert(fputc('a' + i % 26, f) != EOF);
	fputs("\nsecond\n", f);
	assert(ftell(f) == 10008);
	rewind(f);
	assert(getline(&line, &cap, f) == 10001 && line[9999] == 'a' + 9999 % 26);
	assert(getdelim(&line, &cap, 'o', f) == 4 && !strcmp(line, "seco"));
	assert(ftell(f) == 10005 && fseek(f, -1, SEEK_CUR) == 0 && fgetc(f) == 'o');
	assert(fseek(f, 0, SEEK_CUR) == 0 && fputs("XY", f) >= 0 && fflush(f) == 0);
	assert(fseek(f, 10001, SEEK_SET) == 0 && fgets(buf, 64, f) && !strcmp(buf, "secoXY\n"));
	assert(fgetc(f) == EOF && feof(f) && !ferror(f));
	assert(ungetc('q', f) == 'q' && !feof(f) && fgetc(f) == 'q' && fclose(f) == 0);

	f = fopen("file", "a");
	assert(fputs("end", f) >= 0 && ftell(f) == 10011 && fclose(f) == 0);
	f = fopen("file", "r");
	assert(fread(buf, 1, 5, f) == 5 && fputc('x', f) == EOF && ferror(f));
	assert((f = freopen("file", "r", f)) && fseek(f, -3, SEEK_END) == 0);
	assert(fread(buf, 2, 5, f) == 1 && !memcmp(buf, "en", 2) && fclose(f) == 0);
	assert(!fopen("/nonexistent/x", "r") && errno == ENOENT && !fopen("file", "q") && errno == EINVAL);
	free(line);
	return 0;
}
