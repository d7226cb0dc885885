/* SPDX-License-Identifier: MIT */
/* What the user at the terminal wants done about a build that failed. */
#ifndef COOK_ASK_H
#define COOK_ASK_H

#include "cook.h"

enum answer { ANSWER_NONE, ANSWER_RETRY, ANSWER_SKIP, ANSWER_QUIT };

#define ASK_KEYS "r retry, s skip, l its log, i a shell in its folder, q end"

/* A failure that nobody has said anything about, or NULL. */
struct port *ask_about(const struct cook *c);

/* Takes the keys that are there; shows the log or the folder of p when told so. */
enum answer ask_take_keys(const struct cook *c, const struct port *p);

#endif
