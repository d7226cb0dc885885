/* SPDX-License-Identifier: MIT */
/* locale: the locale that the environment asks for, its facts by name, and what there is. */
#include <err.h>
#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { TEXT, LIST, NUMBER, GROUPS };

/*
 * A keyword of a category. Texts and lists are of nl_langinfo, from item on; when item is 0, and for all
 * else, they are members of struct lconv, at offset.
 */
struct keyword {
	int category;
	const char *name;
	enum kind kind;
	nl_item item;
	int count;
	size_t offset;
};

#define OF_CONV(category, member, kind) { category, #member, kind, 0, 1, offsetof(struct lconv, member) }
#define MONEY(member) OF_CONV(LC_MONETARY, member, TEXT)
#define DIGIT(member) OF_CONV(LC_MONETARY, member, NUMBER)
#define TIME(name, item) { LC_TIME, name, TEXT, item, 1, 0 }
#define TIMES(name, item, count) { LC_TIME, name, LIST, item, count, 0 }

static const struct keyword keywords[] = {
	{ LC_CTYPE, "charmap", TEXT, CODESET, 1, 0 },
	OF_CONV(LC_NUMERIC, decimal_point, TEXT), OF_CONV(LC_NUMERIC, thousands_sep, TEXT),
	OF_CONV(LC_NUMERIC, grouping, GROUPS),
	TIMES("abday", ABDAY_1, 7), TIMES("day", DAY_1, 7),
	TIMES("abmon", ABMON_1, 12), TIMES("mon", MON_1, 12),
	TIMES("ab_alt_mon", ABALTMON_1, 12), TIMES("alt_mon", ALTMON_1, 12), TIMES("am_pm", AM_STR, 2),
	TIME("d_t_fmt", D_T_FMT), TIME("d_fmt", D_FMT), TIME("t_fmt", T_FMT), TIME("t_fmt_ampm", T_FMT_AMPM),
	TIME("era", ERA), TIME("era_d_fmt", ERA_D_FMT), TIME("era_d_t_fmt", ERA_D_T_FMT),
	TIME("era_t_fmt", ERA_T_FMT), TIME("alt_digits", ALT_DIGITS),
	MONEY(int_curr_symbol), MONEY(currency_symbol), MONEY(mon_decimal_point), MONEY(mon_thousands_sep),
	OF_CONV(LC_MONETARY, mon_grouping, GROUPS), MONEY(positive_sign), MONEY(negative_sign),
	DIGIT(int_frac_digits), DIGIT(frac_digits), DIGIT(p_cs_precedes), DIGIT(p_sep_by_space),
	DIGIT(n_cs_precedes), DIGIT(n_sep_by_space), DIGIT(p_sign_posn), DIGIT(n_sign_posn),
	DIGIT(int_p_cs_precedes), DIGIT(int_p_sep_by_space), DIGIT(int_n_cs_precedes),
	DIGIT(int_n_sep_by_space), DIGIT(int_p_sign_posn), DIGIT(int_n_sign_posn),
	{ LC_MESSAGES, "yesexpr", TEXT, YESEXPR, 1, 0 }, { LC_MESSAGES, "noexpr", TEXT, NOEXPR, 1, 0 },
	{ LC_MESSAGES, "yesstr", TEXT, YESSTR, 1, 0 }, { LC_MESSAGES, "nostr", TEXT, NOSTR, 1, 0 },
};

static const struct { const char *name; int category; } categories[] = {
	{ "LC_CTYPE", LC_CTYPE }, { "LC_NUMERIC", LC_NUMERIC }, { "LC_TIME", LC_TIME },
	{ "LC_COLLATE", LC_COLLATE }, { "LC_MONETARY", LC_MONETARY }, { "LC_MESSAGES", LC_MESSAGES },
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static int with_category, with_keyword;

/* With -k, so that a shell or a locale's definition can read it: special characters are escaped. */
static void put_text(const char *s)
{
	for (; *s; s++) {
		if (with_keyword && strchr("\"\\;", *s))
			putchar('\\');
		putchar(*s);
	}
}

/* CHAR_MAX, "not there", is -1 in a definition; so is the end of groups that do not repeat. */
static void put_number(char n)
{
	printf("%d", n == CHAR_MAX ? -1 : n);
}

static void put_groups(const char *s)
{
	if (!*s)
		put_number(CHAR_MAX);
	for (; *s; s++) {
		put_number(*s);
		if (s[1])
			putchar(';');
	}
}

static void put_value(const struct keyword *k)
{
	const char *member = (const char *)localeconv() + k->offset;
	const char *quote = with_keyword && k->kind <= LIST ? "\"" : "";

	if (with_keyword)
		printf("%s=", k->name);
	fputs(quote, stdout);
	for (int i = 0; k->kind <= LIST && i < k->count; i++) {
		if (i)
			putchar(';');
		put_text(k->item ? nl_langinfo(k->item + i) : *(char *const *)member);
	}
	if (k->kind == NUMBER)
		put_number(*member);
	else if (k->kind == GROUPS)
		put_groups(*(char *const *)member);
	printf("%s\n", quote);
}

static void put_category(int category)
{
	for (size_t i = 0; with_category && i < COUNT(categories); i++)
		if (categories[i].category == category)
			puts(categories[i].name);
}

/* The facts of a category or a single one: 0, or 1 when there is none of that name. */
static int show(const char *name)
{
	for (size_t i = 0; i < COUNT(categories); i++) {
		if (strcmp(name, categories[i].name))
			continue;
		put_category(categories[i].category);
		for (size_t k = 0; k < COUNT(keywords); k++)
			if (keywords[k].category == categories[i].category)
				put_value(&keywords[k]);
		return 0;
	}
	for (size_t k = 0; k < COUNT(keywords); k++) {
		if (strcmp(name, keywords[k].name))
			continue;
		put_category(keywords[k].category);
		put_value(&keywords[k]);
		return 0;
	}
	warnx("%s: no such category or keyword", name);
	return 1;
}

/* What the environment says; in quotes what follows from other variables. */
static void show_environment(void)
{
	const char *all = getenv("LC_ALL"), *lang = getenv("LANG"), *s;

	printf("LANG=%s\n", lang ? lang : "");
	for (size_t i = 0; i < COUNT(categories); i++) {
		s = getenv(categories[i].name);
		if (s && *s && (!all || !*all))
			printf("%s=%s\n", categories[i].name, s);
		else
			printf("%s=\"%s\"\n", categories[i].name, setlocale(categories[i].category, NULL));
	}
	printf("LC_ALL=%s\n", all ? all : "");
}

/* Those of these names that iconv knows. */
static void show_charmaps(void)
{
	static const char *const names[] = {
		"ANSI_X3.4-1968", "CP437", "CP850", "CP852", "CP855", "CP858", "CP866", "CP874", "CP1250", "CP1251",
		"CP1252", "CP1253", "CP1254", "CP1255", "CP1256", "CP1257", "CP1258", "ISO-8859-1", "ISO-8859-2",
		"ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9",
		"ISO-8859-10", "ISO-8859-11", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "KOI8-R",
		"KOI8-U", "MACINTOSH", "UTF-8",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		iconv_t cd = iconv_open("UTF-8", names[i]);

		if (cd == (iconv_t)-1)
			continue;
		puts(names[i]);
		iconv_close(cd);
	}
}

static int usage(void)
{
	fprintf(stderr, "usage: locale [-a | -m]\n       locale [-ck] name...\n");
	return 2;
}

int main(int argc, char **argv)
{
	int c, what = 0, status = 0;

	while ((c = getopt(argc, argv, "amck")) != -1) {
		switch (c) {
		case 'a':
		case 'm': what = c; break;
		case 'c': with_category = 1; break;
		case 'k': with_keyword = 1; break;
		default: return usage();
		}
	}
	if ((what && optind < argc) || ((with_category || with_keyword) && optind == argc))
		return usage();
	if (!setlocale(LC_ALL, ""))
		warnx("the environment asks for a locale that there is not: see locale -a");
	if (what == 'a')
		puts("C\nC.UTF-8\nPOSIX");
	else if (what == 'm')
		show_charmaps();
	else if (optind == argc)
		show_environment();
	while (optind < argc)
		status |= show(argv[optind++]);
	return fflush(stdout) || ferror(stdout) ? 1 : status;
}
