/* SPDX-License-Identifier: MIT */
/*
 * The key of an encrypted file system: from the page that init keeps for a server that it starts again, from
 * a key file, from the kernel's command line, or by a passphrase that is asked for on the console until it
 * is right.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "fsd.h"
#include "key/key.h"

#define PAUSE	50000000ll	/* ns */
#define LINE	512

/* In a page of init's, zeros at first. info: of the file system that the key is for. */
struct kept {
	uint8_t info[128], key[32];
};

static struct cfs_crypt crypt_;

static struct kept *kept_page(void)
{
	struct vm_map map = { .vm = H_NONE, .mem = srv_extra("keep"), .len = PAGE, .prot = PROT_READ | PROT_WRITE,
			      .flags = MAP_SHARED };
	int64_t at = map.mem == H_NONE ? -ENOENT : sys_vm_map(&map);

	return at < 0 ? NULL : (struct kept *)at;
}

/* The rest of the word "rootkey=..." of the kernel's command line; its length, 0: there is none. */
static size_t rootkey(char *buf)
{
	const char *p = getenv("CALX_CMDLINE");

	for (; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (strncmp(p, "rootkey=", 8) || n - 8 >= LINE)
			continue;
		memcpy(buf, p + 8, n - 8);
		return n - 8;
	}
	return 0;
}

static size_t first_line(const char *file, char *buf)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, LINE - 1);

	if (n < 0)
		srv_log("%s: %s", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	buf[n < 0 ? 0 : n] = 0;
	return strcspn(buf, "\n");
}

static int console(void)
{
	int fd;

	while ((fd = open("/dev/console", O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0)
		sys_sleep(srv_now() + PAUSE);
	return fd;
}

static void set_echo(int fd, bool on)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return;
	t.c_lflag = (t.c_lflag & ~(tcflag_t)(ECHO | ECHONL)) | (on ? ECHO : ECHONL);
	tcsetattr(fd, TCSADRAIN, &t);
}

/* One line of the console, without echo from now on: its length. */
static size_t prompt(int *fd, char *buf)
{
	ssize_t n = 0;

	while (n <= 0) {
		set_echo(*fd, false);
		dprintf(*fd, "Passphrase for %s: ", fsd.prefix);
		n = read(*fd, buf, LINE - 1);
		if (n <= 0) {		/* its driver has died */
			close(*fd);
			sys_sleep(srv_now() + PAUSE);
			*fd = console();
		}
	}
	buf[n] = 0;
	return strcspn(buf, "\n");
}

static int ask_until_right(const uint8_t info[128], char *buf)
{
	int fd, err;

	sys_handle_close((handle_t)srv_lookup("/dev", 1));
	fd = console();
	for (;;) {
		size_t n = prompt(&fd, buf);

		err = key_open(&crypt_, info, buf, n);
		if (err != -EKEYREJECTED)
			break;
		dprintf(fd, "Wrong passphrase. Try again.\n");
	}
	set_echo(fd, true);
	if (err)
		dprintf(fd, "%s cannot be unlocked: error %d\n", fsd.prefix, -err);
	close(fd);
	return err;
}

static int try_text(const uint8_t info[128], const char *from, const char *buf, size_t n)
{
	int err = n ? key_open(&crypt_, info, buf, n) : -EKEYREJECTED;

	if (n && err)
		srv_log("%s: %s: %s", fsd.prefix, from, err == -EKEYREJECTED ? "wrong passphrase" : strerror(-err));
	return err;
}

int unlock(const struct cfs_io *io, const char *file, const struct cfs_crypt **out)
{
	struct kept *k = kept_page();
	uint8_t info[128];
	char buf[LINE];
	int err = cfs_cryptinfo(io, info);

	if (err)
		return err;
	*out = &crypt_;
	if (k && !memcmp(k->info, info, sizeof info))
		return key_known(&crypt_, info, k->key);
	err = file ? try_text(info, file, buf, first_line(file, buf)) : -EKEYREJECTED;
	if (err == -EKEYREJECTED && !fsd.prefix[1])
		err = try_text(info, "rootkey=", buf, rootkey(buf));
	if (err == -EKEYREJECTED)
		err = ask_until_right(info, buf);
	explicit_bzero(buf, sizeof buf);
	if (!err && k) {
		memcpy(k->info, info, sizeof info);
		memcpy(k->key, crypt_.key, sizeof k->key);
	}
	return err;
}
