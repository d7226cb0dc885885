/* SPDX-License-Identifier: MIT */
/* Wide and multibyte strings in both kinds of printf count what the standard says. */
#include <assert.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

int main(void)
{
	char s[60];
	wchar_t w[60];
	assert(setlocale(LC_ALL, "C.UTF-8"));
	assert(sprintf(s, "%ls|%5ls|%.3ls|%lc", L"\u00e4b", L"\u00e4", L"\u00e4\u00e4", L'\u20ac') == 16);
	assert(!strcmp(s, "\u00e4b|   \u00e4|\u00e4|\u20ac"));
	assert(swprintf(w, 60, L"%s|%5s|%.1s|%ls|%c", "\u00e4b", "\u00e4", "\u00e4\u00e4", L"\u20ac", 'x') == 14);
	assert(!wcscmp(w, L"\u00e4b|    \u00e4|\u00e4|\u20ac|x"));
	assert(swprintf(w, 4, L"%d", 12345) == -1);
	return 0;
}
