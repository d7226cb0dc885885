/* SPDX-License-Identifier: MIT */
/* The [test] of pixman: half-transparent red over white; a region cut out of another. */
#include <pixman.h>
#include <stddef.h>

int
main(void)
{
	uint32_t dst[4] = { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff };
	pixman_color_t red = { 0x8000, 0, 0, 0x8000 };
	pixman_image_t *d = pixman_image_create_bits(PIXMAN_a8r8g8b8, 2, 2, dst, 8);
	pixman_image_t *s = pixman_image_create_solid_fill(&red);
	pixman_region32_t a, b;
	int n;

	pixman_image_composite32(PIXMAN_OP_OVER, s, NULL, d, 0, 0, 0, 0, 0, 0, 2, 1);
	if (dst[0] != 0xffff7f7f || dst[2] != 0xffffffff)
		return 1;
	pixman_region32_init_rect(&a, 0, 0, 10, 10);
	pixman_region32_init_rect(&b, 2, 2, 3, 3);
	pixman_region32_subtract(&a, &a, &b);
	pixman_region32_rectangles(&a, &n);
	return n == 4 && !pixman_region32_contains_point(&a, 3, 3, NULL) ? 0 : 2;
}
