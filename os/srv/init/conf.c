/* SPDX-License-Identifier: MIT */
/* Definitions of services: strict "key = value" lines; and words of the kernel's command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "init.h"

static char *trim(char *s)
{
	char *e;

	while (*s == ' ' || *s == '\t')
		s++;
	for (e = s + strlen(s); e > s && (e[-1] == ' ' || e[-1] == '\t' || e[-1] == '\r'); e--)
		;
	*e = '\0';
	return s;
}

static const char *set_text(char *to, size_t size, const char *value)
{
	if (!*value || strlen(value) >= size)
		return "empty or too long";
	strcpy(to, value);
	return NULL;
}

static const char *set_exec(struct conf *c, const char *value)
{
	unsigned n = 0;

	if (set_text(c->text, sizeof(c->text), value))
		return "empty or too long";
	for (char *p = strtok(c->text, " \t"); p; p = strtok(NULL, " \t")) {
		if (n == MAX_ARGS)
			return "too many arguments";
		c->argv[n++] = p;
	}
	c->argv[n] = NULL;
	return c->argv[0][0] == '/' ? NULL : "exec must begin with an absolute path";
}

static const char *set_restart(struct conf *c, const char *value)
{
	static const char *const names[] = { "always", "failure", "never" };

	for (unsigned i = 0; i < 3; i++) {
		if (!strcmp(value, names[i])) {
			c->restart = (enum restart)i;
			return NULL;
		}
	}
	return "restart must be always, failure or never";
}

static const char *set_bool(int *to, const char *value)
{
	if (strcmp(value, "yes") && strcmp(value, "no"))
		return "must be yes or no";
	*to = value[0] == 'y';
	return NULL;
}

static void add_range(struct conf *c, uint32_t kind, uint64_t first, uint64_t last)
{
	c->range[c->nrange++] = (struct dev_range){ kind, 0, first, last };
}

/* One word: "io:0x3f8-0x3ff", "irq:4", "mem:A-B", "msi" (message interrupts), "dma", "pci" (all memory, msi, dma). */
static const char *add_device(struct conf *c, const char *word)
{
	static const struct { const char *name; uint32_t kind; } kinds[] = {
		{ "io:", DEV_R_IO }, { "irq:", DEV_R_IRQ }, { "mem:", DEV_R_MEM },
	};
	char *end;

	if (c->nrange + 3 > MAX_RANGES)
		return "too many devices";
	if (!strcmp(word, "msi") || !strcmp(word, "dma")) {
		add_range(c, word[0] == 'm' ? DEV_R_MSI : DEV_R_DMA, 0, UINT64_MAX);
		return NULL;
	}
	if (!strcmp(word, "pci")) {
		add_range(c, DEV_R_MEM, 0, UINT64_MAX);
		add_range(c, DEV_R_MSI, 0, UINT64_MAX);
		add_range(c, DEV_R_DMA, 0, UINT64_MAX);
		return NULL;
	}
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint64_t first, last;

		if (strncmp(word, kinds[i].name, strlen(kinds[i].name)))
			continue;
		first = last = strtoull(word + strlen(kinds[i].name), &end, 0);
		if (*end == '-')
			last = strtoull(end + 1, &end, 0);
		if (*end || last < first)
			return "malformed range";
		add_range(c, kinds[i].kind, first, last);
		return NULL;
	}
	return "unknown device";
}

static const char *set_dev(struct conf *c, char *value)
{
	const char *why = NULL;
	char *save;

	for (char *p = strtok_r(value, " \t", &save); p && !why; p = strtok_r(NULL, " \t", &save))
		why = add_device(c, p);
	return why;
}

static const char *set_key(struct conf *c, const char *key, char *value)
{
	if (!strcmp(key, "name"))
		return set_text(c->name, sizeof(c->name), value);
	if (!strcmp(key, "exec"))
		return set_exec(c, value);
	if (!strcmp(key, "wait"))
		return set_text(c->wait, sizeof(c->wait), value);
	if (!strcmp(key, "restart"))
		return set_restart(c, value);
	if (!strcmp(key, "login"))
		return set_bool(&c->login, value);
	if (!strcmp(key, "first"))
		return set_bool(&c->first, value);
	if (!strcmp(key, "critical"))
		return set_bool(&c->critical, value);
	if (!strcmp(key, "keep"))
		return set_bool(&c->keep, value);
	if (!strcmp(key, "dev"))
		return set_dev(c, value);
	return "unknown key";
}

static const char *set_line(struct conf *c, char *line)
{
	char *eq = strchr(line, '=');

	if (!eq)
		return "expected key = value";
	*eq = '\0';
	return set_key(c, trim(line), trim(eq + 1));
}

int conf_parse(const char *text, size_t n, struct conf *c, char why[128])
{
	const char *end = text + n, *err;
	char line[512];

	memset(c, 0, sizeof(*c));
	for (unsigned no = 1; text < end; no++) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((nl ? nl : end) - text);

		if (len >= sizeof(line)) {
			snprintf(why, 128, "line %u: too long", no);
			return -EINVAL;
		}
		memcpy(line, text, len);
		line[len] = '\0';
		text = nl ? nl + 1 : end;
		char *p = trim(line);
		if (!*p || *p == '#')
			continue;
		err = set_line(c, p);
		if (err) {
			snprintf(why, 128, "line %u: %s", no, err);
			return -EINVAL;
		}
	}
	if (!c->name[0] || !c->argv[0]) {
		snprintf(why, 128, "name and exec are required");
		return -EINVAL;
	}
	return 0;
}

int cmdline_get(const char *key, char *out, size_t size)
{
	size_t n = strlen(key);

	for (const char *p = init_cmdline; *p; ) {
		size_t len = strcspn(p, " \n");

		if (len > n && !strncmp(p, key, n) && p[n] == '=' && len - n - 1 < size) {
			memcpy(out, p + n + 1, len - n - 1);
			out[len - n - 1] = '\0';
			return 1;
		}
		p += len;
		p += strspn(p, " \n");
	}
	return 0;
}
