/* SPDX-License-Identifier: MIT */
/* system-regex.h: makes the engine define the functions and use the types of our own <regex.h>. */
#define TRE_USE_SYSTEM_REGEX_H 1
#define TRE_SYSTEM_REGEX_H_PATH <regex.h>
