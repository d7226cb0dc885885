/* SPDX-License-Identifier: MIT */
/* Shell patterns with all flags, the GNU ones too. */
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
		int ext = !random_below(4);
		for (int n = random_below(6); n >= 0; n--) {
			if (ext && !random_below(3)) {
				*p++ = "?*+@!"[random_below(5)];
				*p++ = '(';
				piece(&p);
				if (random_below(2)) {
					*p++ = '|';
					piece(&p);
				}
				*p++ = ')';
				*p = 0;
			} else {
				piece(&p);
			}
		}
		int n = random_below(8), flags = 0;
		for (int k = 0; k < n; k++)
			s[k] = "abcB/.*"[random_below(7)];
		s[n] = 0;
		for (int f = FNM_PATHNAME; f <= FNM_CASEFOLD; f <<= 1)
			if (!random_below(3))
				flags |= f;
		if (ext)
			flags = (flags & ~(FNM_PATHNAME | FNM_PERIOD | FNM_LEADING_DIR)) | FNM_EXTMATCH;
		printf("%s %s %x: %d\n", pat, s, flags, !!fnmatch(pat, s, flags));
	}
	return 0;
}
