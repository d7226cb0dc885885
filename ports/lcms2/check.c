/* SPDX-License-Identifier: MIT */
/* The [test] of lcms2: white of sRGB is white in Lab. */
#include <lcms2.h>
#include <math.h>

int
main(void)
{
	cmsHPROFILE rgb = cmsCreate_sRGBProfile(), lab = cmsCreateLab4Profile(NULL);
	cmsHTRANSFORM t = cmsCreateTransform(rgb, TYPE_RGB_8, lab, TYPE_Lab_DBL, INTENT_RELATIVE_COLORIMETRIC, 0);
	unsigned char white[3] = { 255, 255, 255 }, grey[3] = { 119, 119, 119 };
	cmsCIELab c;

	if (!t)
		return 1;
	cmsDoTransform(t, white, &c, 1);
	if (fabs(c.L - 100) > 0.1 || fabs(c.a) > 0.1 || fabs(c.b) > 0.1)
		return 2;
	cmsDoTransform(t, grey, &c, 1);
	return fabs(c.L - 50) < 0.5 ? 0 : 3;
}
