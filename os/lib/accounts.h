/* SPDX-License-Identifier: MIT */
/* Users and groups for the programs that make and check them: editing /etc/passwd, group and shadow; passwords. */
#ifndef LIB_ACCOUNTS_H
#define LIB_ACCOUNTS_H

#include <pwd.h>
#include <stdio.h>

/*
 * Rewrites a file of lines: under the lock of lckpwdf, into a new file that takes the old one's place.
 * edit is called for each line (without its end) and once with NULL at the end; what it prints to out
 * is the new file. It returns 0, or a negative number, which leaves the old file. 0 or -1 with errno,
 * or edit's number.
 */
int accounts_edit(const char *file, int (*edit)(const char *line, FILE *out, void *arg), void *arg);

/* Is this the name in the first field of the line? */
int accounts_line_of(const char *line, const char *name);

/* A name of a user or group: letters, digits, "_", "-", ".", not a digit or "-" first, at most 31. */
int accounts_name_ok(const char *name);

/* The hashed password of a user: "" when there is none, "*" when it cannot be read or is locked. */
const char *accounts_hash(const struct passwd *pw);

/* Asks for the password of a user and compares: 1 right (or there is none), 0 wrong. */
int accounts_ask(const struct passwd *pw, const char *prompt);

/* Becomes this user for good, with all groups; exits with a message when that fails. */
void accounts_become(const struct passwd *pw);

/* Executes the user's shell; a login shell when `login`. args are its further arguments, NULL ended, or NULL. */
_Noreturn void accounts_shell(const struct passwd *pw, const char *shell, int login, char *const *args);

/* The environment of a login: HOME, SHELL, USER, LOGNAME, PATH; TERM is kept, all else only when keep. */
void accounts_environment(const struct passwd *pw, const char *shell, int keep);

#endif
