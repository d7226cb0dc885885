/* SPDX-License-Identifier: MIT */
/* The [test] of freetype: a triangle becomes a bitmap; a file that is no font is refused. */
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

int
main(int argc, char **argv)
{
	static unsigned char pixels[32 * 32];
	FT_Vector at[] = { { 0, 0 }, { 32 * 64, 0 }, { 0, 32 * 64 } };
	unsigned char tags[] = { 1, 1, 1 };
	unsigned short ends[] = { 2 };
	FT_Outline o = { .n_contours = 1, .n_points = 3, .points = at, .tags = tags, .contours = ends };
	FT_Bitmap b = { .rows = 32, .width = 32, .pitch = 32, .buffer = pixels,
		.pixel_mode = FT_PIXEL_MODE_GRAY, .num_grays = 256 };
	FT_Library lib;
	FT_Face face;
	int i, black = 0;

	if (FT_Init_FreeType(&lib) || FT_Outline_Get_Bitmap(lib, &o, &b))
		return 1;
	for (i = 0; i < 32 * 32; i++)
		black += pixels[i] == 255;
	if (black < 480 || black > 512)
		return 2;
	return FT_New_Face(lib, argv[argc - 1], 0, &face) == FT_Err_Unknown_File_Format ? 0 : 3;
}
