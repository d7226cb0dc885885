/* SPDX-License-Identifier: MIT */
/*
 * The first process: what its files share. init never waits for a server other than procd (which
 * itself waits for nobody), so no server can block it.
 */
#ifndef INIT_H
#define INIT_H

#include "../../lib/srv.h"

#define NAME_SIZE	64
#define MAX_ARGS	16
#define MAX_RANGES	16

enum { ID_NAMES = 1, ID_LOG = 2 };	/* our files */

extern struct srv init_srv;
extern handle_t init_dev;	/* the dev handle that allows everything */
extern handle_t init_super;	/* port of the supervisor, received on by procd */
extern handle_t init_procd;	/* procd's root file, H_NONE before it registered */
extern char init_cmdline[512];

/* archive.c: the boot archive (ustar), mapped read only for ever. */
struct image { const uint8_t *data; size_t size; };
int archive_open(void);
/* The file at this path ("sbin/init", no leading slash); 0 or -ENOENT. */
int archive_find(const char *path, struct image *out);
/* Calls fn for each file whose path starts with prefix and ends with suffix. */
void archive_each(const char *prefix, const char *suffix,
		  void (*fn)(const char *path, const struct image *img));

/* conf.c: a service's definition, see init.conf(5). */
enum restart { RESTART_ALWAYS, RESTART_FAILURE, RESTART_NEVER };
struct conf {
	char name[NAME_SIZE];
	char wait[NAME_SIZE];		/* prefixes that must be registered first, separated by blanks; or "" */
	char text[512];			/* words of exec, each ended by 0 */
	char *argv[MAX_ARGS + 1];	/* into text */
	enum restart restart;
	int login;			/* not started for "test=" boots */
	int first;			/* all without it start when those with it have ended */
	int critical;			/* its death ends the machine */
	int keep;			/* its port outlives it, for the next one */
	unsigned nrange;
	struct dev_range range[MAX_RANGES];	/* nrange 0: gets no dev handle */
};
/* Parses the text of a definition. 0, or -EINVAL with the reason ("line 3: ...") in why. */
int conf_parse(const char *text, size_t n, struct conf *c, char why[128]);
/* The value of key in the kernel's command line, 0 when there is none. */
int cmdline_get(const char *key, char *out, size_t size);

/* names.c: prefixes and devices. */
int64_t names_register(const char *name, handle_t h);	/* takes h */
int64_t names_lookup(struct srv_req *r, const char *name, int wait);
int names_present(const char *name);
handle_t names_file(void);		/* what all processes ask by; ours */
void names_cancel(uint64_t token);
int64_t names_list(struct srv_req *r);

/* service.c */
int64_t service_add(const struct conf *c);
int64_t service_control(const char *name, uint64_t what);
void service_kick(void);		/* a name appeared: start who waited for it */
int service_died(uint32_t pid, int status);	/* false: not a service */
int64_t service_list(struct srv_req *r);
void service_stop_all(void);		/* from now on only what the last sync needs is restarted */
/* Starts a program of the boot archive or, by "rc exec", of the disk. pid or -errno. */
int64_t service_spawn(const struct conf *c);

/* power.c */
int64_t power_begin(int how, int status);
void power_child(uint32_t pid);		/* a child of ours ended */
#define POWER_EXIT	2		/* how: leave the emulator with a status */

#endif
