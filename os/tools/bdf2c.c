/* SPDX-License-Identifier: MIT */
/* bdf2c: turns a bitmap font (BDF, cells of 8 by N) into a C table sorted by code point; at build time. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEIGHT	32

static void glyph(FILE *in, long code, int height)
{
	char line[256];
	unsigned row;

	printf("\t{ %#lx, {", code);
	for (int i = 0; i < height; i++) {
		if (!fgets(line, sizeof(line), in) || sscanf(line, "%x", &row) != 1 || row > 0xff)
			errx(1, "character %#lx: bad bitmap", code);
		printf(" %#x,", row);
	}
	printf(" } },\n");
}

int main(int argc, char **argv)
{
	char line[256];
	long code = -1;
	int height = 0, width, n;
	FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;

	if (!in)
		err(1, "usage: bdf2c FONT.bdf");
	printf("/* Made by bdf2c. */\n#include \"font.h\"\n\nconst struct glyph font[] = {\n");
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "FONTBOUNDINGBOX %d %d", &width, &n) == 2)
			height = n;
		sscanf(line, "ENCODING %ld", &code);
		if (strncmp(line, "BITMAP", 6))
			continue;
		if (width != 8 || height < 1 || height > MAX_HEIGHT)
			errx(1, "only fonts 8 wide are understood");
		if (code >= 0)
			glyph(in, code, height);
	}
	printf("};\nconst unsigned font_count = sizeof(font) / sizeof(font[0]);\n");
	printf("const unsigned font_height = %d;\n", height);
	return ferror(in) || fflush(stdout) ? 1 : 0;
}
