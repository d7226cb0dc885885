/* SPDX-License-Identifier: MIT */
/*
 * getopt, getopt_long, getopt_long_only. As GNU's: arguments that are no options are moved to the
 * end, unless the option string begins with '+' or POSIXLY_CORRECT is set; with '-' they are
 * returned as option 1.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt, optreset;

static int pos;			/* index within a cluster of short options, 0: at the next argument */
static int first, last;		/* argv[first..last) are the skipped arguments */

/* The words of GNU, which scripts and test suites look for. prefix: the dashes of a long option. */
static void
complain(char **argv, const char *what, const char *prefix, const char *name, const char *rest)
{
	if (opterr)
		fprintf(stderr, "%s: %s'%s%s'%s\n", argv[0], what, prefix, name, rest);
}

static void
complain_short(char **argv, const char *what, char c)
{
	char name[2] = { c };

	complain(argv, what, "", name, "");
}

static void
complain_ambiguous(char **argv, const char *prefix, const char *name, const struct option *l)
{
	size_t n = strcspn(name, "=");

	if (!opterr)
		return;
	flockfile(stderr);
	fprintf(stderr, "%s: option '%s%s' is ambiguous; possibilities:", argv[0], prefix, name);
	for (; l->name; l++)
		if (!strncmp(l->name, name, n))
			fprintf(stderr, " '%s%s'", prefix, l->name);
	fputc('\n', stderr);
	funlockfile(stderr);
}

/* Moves argv[last..optind) before argv[first..last), which stay in order. */
static void
rotate(char **argv)
{
	int moved = optind - last, i;

	for (i = 0; i < moved; i++) {
		char *arg = argv[last + i];

		memmove(&argv[first + i + 1], &argv[first + i], (size_t)(last - first) * sizeof(*argv));
		argv[first + i] = arg;
	}
	first += moved;
	last = optind;
}

enum order { PERMUTE, REQUIRE, RETURN };

static enum order
order_of(const char **opts)
{
	if (**opts == '-' || **opts == '+')
		return *(*opts)++ == '-' ? RETURN : REQUIRE;
	return getenv("POSIXLY_CORRECT") ? REQUIRE : PERMUTE;
}

static int
is_option(const char *arg)
{
	return arg[0] == '-' && arg[1];
}

static int
short_option(int argc, char **argv, const char *opts)
{
	char *arg = argv[optind], c = arg[pos++];
	const char *p = c == ':' ? NULL : strchr(opts, c);
	int end = !arg[pos];

	optopt = (unsigned char)c;
	if (!p || c == ';') {
		if (*opts != ':')
			complain_short(argv, "invalid option -- ", c);
		if (end)
			optind++, pos = 0;
		return '?';
	}
	if (p[1] != ':') {
		if (end)
			optind++, pos = 0;
		return optopt;
	}
	optarg = end ? NULL : arg + pos;
	optind++;
	pos = 0;
	if (optarg || p[2] == ':')
		return optopt;
	if (optind < argc) {
		optarg = argv[optind++];
		return optopt;
	}
	if (*opts == ':')
		return ':';
	complain_short(argv, "option requires an argument -- ", c);
	return '?';
}

/* The option that name (n bytes) means: exact, or the only one it begins; -1 none, -2 several. */
static int
find_long(const struct option *l, const char *name, size_t n)
{
	int i, found = -1;

	for (i = 0; l[i].name; i++) {
		if (strncmp(l[i].name, name, n))
			continue;
		if (!l[i].name[n])
			return i;
		if (found >= 0 && (l[found].has_arg != l[i].has_arg || l[found].flag != l[i].flag ||
		    l[found].val != l[i].val))
			found = -2;
		else if (found == -1)
			found = i;
	}
	return found;
}

static int
long_argument(int argc, char **argv, const char *opts, const struct option *o, char *value,
		const char *prefix)
{
	if (value && !o->has_arg) {
		optopt = o->flag ? 0 : o->val;
		if (*opts != ':')
			complain(argv, "option ", prefix, o->name, " doesn't allow an argument");
		return '?';
	}
	optarg = value;
	if (!value && o->has_arg == required_argument) {
		if (optind >= argc) {
			optopt = o->flag ? 0 : o->val;
			if (*opts == ':')
				return ':';
			complain(argv, "option ", prefix, o->name, " requires an argument");
			return '?';
		}
		optarg = argv[optind++];
	}
	return 0;
}

static int
long_option(int argc, char **argv, const char *opts, const struct option *l, int *index,
		const char *name)
{
	size_t n = strcspn(name, "=");
	const char *prefix = name - argv[optind] == 2 ? "--" : "-";
	int i = find_long(l, name, n), r;

	optind++;
	pos = 0;
	optopt = 0;
	if (i < 0) {
		if (*opts != ':' && i == -2)
			complain_ambiguous(argv, prefix, name, l);
		else if (*opts != ':')
			complain(argv, "unrecognized option ", prefix, name, "");
		return '?';
	}
	r = long_argument(argc, argv, opts, &l[i], name[n] ? (char *)name + n + 1 : NULL, prefix);
	if (r)
		return r;
	if (index)
		*index = i;
	if (!l[i].flag)
		return l[i].val;
	*l[i].flag = l[i].val;
	return 0;
}

/* A long option with one dash, unless it can only be a short one. */
static int
looks_long(const char *arg, const char *opts, const struct option *l)
{
	size_t n = strcspn(arg + 1, "=");

	if (!arg[2] && strchr(opts, arg[1]))
		return 0;
	return find_long(l, arg + 1, n) != -1 || !strchr(opts, arg[1]);
}

/* Finds the next option's argument: 0, or what to return. */
static int
next_argument(int argc, char **argv, enum order order)
{
	if (order == PERMUTE) {
		if (first != last && last != optind)
			rotate(argv);
		else if (last != optind)
			first = optind;
		while (optind < argc && argv[optind] && !is_option(argv[optind]))
			optind++;
		last = optind;
	}
	if (optind < argc && argv[optind] && strcmp(argv[optind], "--") == 0) {
		optind++;
		if (order == PERMUTE) {
			if (first != last)
				rotate(argv);
			else
				first = optind;
			last = argc;
		}
		optind = order == PERMUTE ? first : optind;
		return -1;
	}
	if (optind >= argc || !argv[optind]) {
		if (order == PERMUTE && first != last)
			optind = first;
		return -1;
	}
	if (!is_option(argv[optind])) {
		if (order != RETURN)
			return -1;
		optarg = argv[optind++];
		return 1;
	}
	return 0;
}

static int
parse(int argc, char **argv, const char *opts, const struct option *l, int *index, int only)
{
	enum order order;
	int r;

	if (optind == 0 || optreset) {
		optind = optind ? optind : 1;
		optreset = pos = 0;
		first = last = optind;
	} else if (optind == 1 && !pos && first > 1) {
		first = last = 1;
	}
	order = order_of(&opts);
	optarg = NULL;
	if (!pos) {
		r = next_argument(argc, argv, order);
		if (r)
			return r;
		if (l && argv[optind][1] == '-')
			return long_option(argc, argv, opts, l, index, argv[optind] + 2);
		if (l && only && looks_long(argv[optind], opts, l))
			return long_option(argc, argv, opts, l, index, argv[optind] + 1);
		pos = 1;
	}
	return short_option(argc, argv, opts);
}

int
getopt(int argc, char *const argv[], const char *opts)
{
	return parse(argc, (char **)argv, opts, NULL, NULL, 0);
}

int
getopt_long(int argc, char *const *argv, const char *opts, const struct option *l, int *index)
{
	return parse(argc, (char **)argv, opts, l, index, 0);
}

int
getopt_long_only(int argc, char *const *argv, const char *opts, const struct option *l, int *index)
{
	return parse(argc, (char **)argv, opts, l, index, 1);
}
