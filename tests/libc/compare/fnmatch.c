/* SPDX-License-Identifier: MIT */
/* Shell patterns with all flags but extended groups, whose empty matches the host does not all find. */
#include <fnmatch.h>
#include <stdio.h>
#include "random.h"

static void piece(char **p)
{
	static const char *const words[] = { "a", "b", "c", "/", ".", "?", "*", "[ab]", "[!a]", "[a-c]", "\\*",
		"[[:alpha:]]", "[]a]", "**", "[^b]", "B", "[a-]" };
	*p = stpcpy(*p, words[random_below(sizeof(words) / sizeof(*words))]);
}

int main(int argc, char **argv)
{
	random_init(argc, argv);
	for (int i = 0; i < 10000; i++) {
		char pat[200], s[20], *p = pat;
		*p = 0;
		for (int n = random_below(6); n >= 0; n--)
			piece(&p);
		int n = random_below(8), flags = 0;
		for (int k = 0; k < n; k++)
			s[k] = "abcB/.*"[random_below(7)];
		s[n] = 0;
		for (int f = FNM_PATHNAME; f <= FNM_CASEFOLD; f <<= 1)
			if (!random_below(3))
				flags |= f;
		printf("%s %s %x: %d\n", pat, s, flags, !!fnmatch(pat, s, flags));
	}
	return 0;
}
