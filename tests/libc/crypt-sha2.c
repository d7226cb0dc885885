/* SPDX-License-Identifier: MIT */
/* Hashed passwords agree with those of other systems. */
#include <assert.h>
#include <crypt.h>
#include <string.h>
#include <unistd.h>

static void is(const char *key, const char *hash)
{
	assert(!strcmp(crypt(key, hash), hash));
}

int main(void)
{
	is("Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnI"
		"FNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1");
	is("Hello world!", "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBA"
		"wqFMz2.opqey6IcA");
	is("Hello world!", "$5$ab$.AgIrRzMNXeXrMeKrtSlBbcQYXwZinoOgN4Yp9WPwa4"
		"");
	is("x", "$6$saltstring$nk7Qohr7tOmwY2mX639VRP.Lyvj3uhcgpatqHuLC867qfSHKq1LDuKa/h7Es9Nv0aL08pbF.cnQlRqhaoKT/D.");
	assert(crypt("x", "$9$zz")[0] == '*');
	return 0;
}
