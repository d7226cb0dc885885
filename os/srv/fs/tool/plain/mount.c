/* SPDX-License-Identifier: MIT */
/* In the place of fuse/ where libfuse is not there. */
#include "../tool.h"

int cmd_mount(int argc, char **argv)
{
	(void)argc, (void)argv;
	die("built without FUSE (libfuse3-dev)");
}
