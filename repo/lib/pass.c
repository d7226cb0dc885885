/* SPDX-License-Identifier: MIT */
/* Passphrases: from the file or the variable that the environment names, else from the terminal. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "local.h"
#include "signed.h"

/* The first line of fd. */
static int
first_line(int fd, char pass[CPK_MAX_PASS])
{
	size_t n = 0;
	ssize_t r;

	while (n < CPK_MAX_PASS - 1 && (r = read(fd, pass + n, 1)) == 1 && pass[n] != '\n')
		n++;
	pass[n] = '\0';
	return n ? 0 : -EINVAL;
}

static int
from_file(const char *name, char pass[CPK_MAX_PASS], struct cpk_error *err)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return cpk_fail(err, -errno, "%s: %s", name, strerror(errno));
	r = first_line(fd, pass);
	close(fd);
	return r ? cpk_fail(err, r, "%s: holds no passphrase", name) : 0;
}

/* Asks at the terminal, without echo. */
static int
ask(int tty, const char *prompt, const char *key, char pass[CPK_MAX_PASS])
{
	struct termios old, quiet;
	int r;

	dprintf(tty, "%s %s: ", prompt, key);
	if (tcgetattr(tty, &old))
		return -errno;
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &quiet);
	r = first_line(tty, pass);
	tcsetattr(tty, TCSAFLUSH, &old);
	dprintf(tty, "\n");
	return r;
}

int
cpk_passphrase(const char *key, int twice, char pass[CPK_MAX_PASS], struct cpk_error *err)
{
	const char *file = getenv("CALX_PASSPHRASE_FILE"), *text = getenv("CALX_PASSPHRASE");
	char again[CPK_MAX_PASS];
	int tty, r;

	if (file)
		return from_file(file, pass, err);
	if (text && *text && strlen(text) < CPK_MAX_PASS) {
		strcpy(pass, text);
		return 0;
	}
	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return cpk_fail(err, -ENOTTY, "%s: needs a passphrase: there is no terminal, and neither"
				" CALX_PASSPHRASE_FILE nor CALX_PASSPHRASE is set", key);
	r = ask(tty, "Passphrase of", key, pass);
	if (!r && twice) {
		r = ask(tty, "Once more for", key, again);
		if (!r && strcmp(pass, again))
			r = -EINVAL;
		sodium_memzero(again, sizeof(again));
	}
	close(tty);
	return r ? cpk_fail(err, r, "%s: no passphrase, or not the same twice", key) : 0;
}
