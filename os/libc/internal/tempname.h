/* SPDX-License-Identifier: MIT */
/* Names of temporary files. */
#ifndef INTERNAL_TEMPNAME_H
#define INTERNAL_TEMPNAME_H

#include "hidden.h"

/* Writes six random letters. */
hidden void __temp_letters(char *six);

#endif
