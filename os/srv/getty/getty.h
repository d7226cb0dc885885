/* SPDX-License-Identifier: MIT */
/* Between getty's files. */
#ifndef GETTY_H
#define GETTY_H

/* The emergency shell on descriptors 0 to 2: for when there is no root file system. */
int rescue(void);

#endif
