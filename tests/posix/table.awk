# SPDX-License-Identifier: MIT
# table.awk: docs/posix.md from the states of all interfaces (name header option state reason).
function count(file, n, line, f)
{
	while ((getline line <file) > 0) {
		split(line, f, "\t")
		extra[f[4]]++
		extras++
		if (f[4] != "present")
			notes[++noted] = "| `" f[1] "` | " f[2] " | " f[4] " | " f[5] " |"
	}
}
{
	split($3, codes, " ")
	group = codes[1]
	all[group]++
	got[group, $4]++
	sum[$4]++
	if (!($2 in header))
		order[++headers] = $2
	header[$2] = header[$2] (header[$2] ? ", " : "") ($4 == "present" ? $1 : $4 == "partial" ? "*" $1 "*" : "~~" $1 "~~")
	if ($4 != "present")
		why[++whys] = "| `" $1 "` | " $2 " | " $4 " | " $5 " |"
}
END {
	count(total)
	printf "# POSIX.1-2024 in Calx's C library\n\n"
	printf "Made by `tests/posix/table --write`; the test of the same name fails when it is not true.\n\n"
	printf "Of %d interfaces (functions, variables and macros that act like them) %d are present, %d partial,\n", NR, sum["present"], sum["partial"]
	printf "%d absent: %.1f %% implemented. All are declared.\n\n", sum["absent"], (sum["present"] + sum["partial"]) * 100 / NR
	n = split("C POSIX XSI ADV CPT DC FSC ML MLR MSG PS SHM SIO SPN TCT TPI TPP TPS TSA TSH TSS TYM IP6", name, " ")
	print "| Option | Interfaces | Present | Partial | Absent |\n|---|---:|---:|---:|---:|"
	for (i = 1; i <= n; i++)
		if (name[i] in all)
			printf "| %s | %d | %d | %d | %d |\n", name[i], all[name[i]], got[name[i], "present"], got[name[i], "partial"], got[name[i], "absent"]
	if (whys) {
		print "\n## Partial and absent\n\n| Interface | Header | State | Why |\n|---|---|---|---|"
		for (i = 1; i <= whys; i++)
			print why[i]
	}
	print "\n## By header\n\nItalic: partial; struck: absent."
	for (i = 1; i <= headers; i++)
		printf "\n**<%s>** %s\n", order[i], header[order[i]]
	printf "\n## Beyond the standard\n\nOf %d further interfaces (earlier issues, ISO C23, GNU, BSD, Linux) %d are present, %d partial, %d absent;\ntests/posix/extras.tsv lists them.\n", extras, extra["present"], extra["partial"], extra["absent"]
	if (noted) {
		print "\n| Interface | Header | State | Why |\n|---|---|---|---|"
		for (i = 1; i <= noted; i++)
			print notes[i]
	}
}
