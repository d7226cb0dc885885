/* SPDX-License-Identifier: MIT */
/* The tables of the object half that need code to be prepared. */
#include "defs.h"
#include "obj/file.h"
#include "proc/proc.h"

void objects_init(void)
{
	files_init();
	futex_init();
}
