/* SPDX-License-Identifier: MIT */
/* cook: the recipe builder of Calx.  This file: options and the table of commands. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cook.h"
#include "sandbox.h"
#include "slurm.h"
#include "supply.h"

static const struct command {
	const char *name;
	int (*run)(struct cook *c, int argc, char **argv);
	const char *help;
} commands[] = {
	{ "build", cmd_build, "[NAME...]  build what is not in the store" },
	{ "fetch", cmd_fetch, "[NAME...]  download sources" },
	{ "test", cmd_test, "[NAME...]  build and run their [test]" },
	{ "list", cmd_list, "[--tsv]  name, version, state, tested on device" },
	{ "why", cmd_why, "NAME  which input changed since the last build" },
	{ "clean", cmd_clean, "[--all]  remove what no recipe needs any more" },
	{ "lint", cmd_lint, "[--stats] [NAME...]  check recipes and patches" },
	{ "out", cmd_out, "[--published] [NAME...]  the files of its packages" },
	{ "keys", cmd_keys, "[NAME...]  name and key of what is built" },
	{ "order", cmd_order, "[NAME...]  names, dependencies first" },
	{ "sysroot", cmd_sysroot, "NAME|all DIR  copy what a build sees as its sysroot" },
	{ "check", cmd_check, "NAME  lint, build twice, compare interfaces, test on a device" },
	{ "repro", cmd_repro, "[--all] [NAME...]  build again under other conditions and compare" },
	{ "new", cmd_new, "URL  a first recipe for a source archive" },
	{ "dev", cmd_dev, "NAME  its sources as a git tree, a commit a patch: dev/NAME" },
	{ "bump", cmd_bump, "NAME VERSION  another version: hashes, patches carried over" },
	{ "patch", cmd_patch, "NAME  the commits of dev/NAME to patches/NAME" },
	{ "export", cmd_export, "DIR [NAME...]  write what is built for --cache of others" },
	{ "sbom", cmd_sbom, "PACKAGE | --image ROOT|LIST  bill of materials (CycloneDX)" },
	{ "licenses", cmd_licenses, "[NAME...]  licences and their texts in packages" },
	{ "cve", cmd_cve, "--db FILE|DIR [--tsv] [NAME...]  advisories about what is packaged" },
	{ "mirror", cmd_mirror, "DIR [NAME...]  every source, for --sources DIR|URL" },
	{ "plan", cmd_plan, "NODES PORTS [SECONDS]  how long a cluster would take" },
	{ "tools", cmd_tools, "DIR  copy the cross toolchain with its sysroot" },
};
#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

struct supply_options supply_options;

static void
usage(FILE *f)
{
	size_t i;

	fputs("usage: cook [-C DIR] [-j N] [--no-sandbox] [--keep] [--target T] COMMAND ...\n", f);
	for (i = 0; i < NCOMMANDS; i++)
		fprintf(f, "  %-8s %s\n", commands[i].name, commands[i].help);
}

static int
number(const char *s, const char *what)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || !*s || n < 1 || n > 100000)
		misuse("%s: not a number for %s: 1 to 100000", s, what);
	return (int)n;
}

static void
no_command(const char *name)
{
	struct nearest near = { .word = name };
	char hint[NEAREST_HINT];
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		nearest_try(&near, commands[i].name);
	nearest_hint(&near, hint);
	misuse("no command called %s%s", name, *hint ? hint : "; cook --help names them");
}

/* Options may stand before and after the command; returns the first that is none. */
static void
options(struct cook *c, int argc, char **argv, const char **dir, const char **target)
{
	static const struct option longs[] = {
		{ "no-sandbox", no_argument, NULL, 'S' }, { "keep", no_argument, NULL, 'K' },
		{ "budget", required_argument, NULL, 'B' },
		{ "cache", required_argument, NULL, 'F' }, { "tsv", no_argument, NULL, 'T' },
		{ "target", required_argument, NULL, 't' },
		{ "all", no_argument, NULL, 'A' }, { "published", no_argument, NULL, 'P' },
		{ "stats", no_argument, NULL, 'N' }, { "timeline", required_argument, NULL, 'L' },
		{ "image", required_argument, NULL, 'I' }, { "db", required_argument, NULL, 'D' },
		{ "sources", required_argument, NULL, 'M' }, { "slurm", no_argument, NULL, 'U' },
		{ "version", no_argument, NULL, 'V' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int o;

	while ((o = getopt_long(argc, argv, "C:j:h", longs, NULL)) != -1) {
		switch (o) {
		case 'C': *dir = optarg; break;
		case 't': *target = optarg; break;
		case 'j': c->jobs = number(optarg, "-j"); break;
		case 'S': c->sandbox = 0; break;
		case 'K': c->keep = 1; break;
		case 'B': c->budget = number(optarg, "--budget"); break;
		case 'F': c->cache_from = optarg; break;
		case 'T': c->tsv = 1; break;
		case 'A': c->all = 1; break;
		case 'P': c->published = 1; break;
		case 'N': c->stats = 1; break;
		case 'L': c->timeline = optarg; break;
		case 'I': supply_options.image = optarg; break;
		case 'M': setenv("CALX_MIRROR", optarg, 1); break;
		case 'U': supply_options.slurm = 1; break;
		case 'D': supply_options.db = optarg; break;
		case 'V': printf("cook format %d\n", COOK_FORMAT); exit(0);
		case 'h': usage(stdout); exit(0);
		default: exit(2);
		}
	}
}

int
main(int argc, char **argv)
{
	struct cook c = { .jobs = (int)sysconf(_SC_NPROCESSORS_ONLN), .sandbox = 1 };
	const char *dir = ".", *target = COOK_TARGET;
	size_t i;
	int status;

	if (cpk_init() < 0)
		die("libsodium does not work here");
	if (getenv("COOK_CACHE") && *getenv("COOK_CACHE"))
		c.cache_from = getenv("COOK_CACHE");
	options(&c, argc, argv, &dir, &target);
	if (optind == argc) {
		usage(stderr);
		return 2;
	}
	for (i = 0; i < NCOMMANDS && strcmp(commands[i].name, argv[optind]); i++)
		;
	if (i == NCOMMANDS)
		no_command(argv[optind]);
	cook_open(&c, dir);
	c.target = target_read(c.root, target);
	hashes_open(&c);
	cook_load(&c);
	status = commands[i].run(&c, argc - optind - 1, argv + optind + 1);
	hashes_save(&c);
	return status;
}
