# SPDX-License-Identifier: MIT
# Draws the table of scripts/bench as SVG: a row an operation, a bar for Calx and one for Linux (and a tick
# for the goal), on a logarithmic scale of guest instructions; below, with a scale of their own, the ratios by wall
# clock. Input: reference.tsv, then name<TAB>value lines.
BEGIN { FS = "\t"; row = 26; left = 190; width = 560; low = 4; high = 2e9; most = 3 }
function x(v) {
	if (ratio)
		return left + width * (v < most ? v : most) / most
	return left + width * log((v < low ? low : v) / low) / log(high / low)
}
function text(v) { return ratio ? sprintf("%.2f", v) : v >= 1e7 ? sprintf("%.1f M", v / 1e6) : v >= 1e4 ? sprintf("%.1f k", v / 1e3) : v }
/^#/ { next }
FNR == NR { linux[$1] = $2; goal[$1] = $4; next }
/^wall-/ { if ($2 != "-") { wall[++nwall] = $1; wall_value[nwall] = $2 } next }
($1 in goal) { name[++n] = $1; value[n] = $2 }
function bar(y, v, class) {
	printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"8\"/>", class, left, y, x(v) - left
	printf "<text class=\"n\" x=\"%.1f\" y=\"%d\">%s</text>\n", x(v) + 4, y + 8, text(v)
}
function bars(y, what, v) {
	printf "<text x=\"%d\" y=\"%d\" font-size=\"12\" text-anchor=\"end\">%s</text>\n", left - 8, y + 13, what
	bar(y, v, "c")
	if (linux[what] != "-")
		bar(y + 10, linux[what], "l")
	printf "<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n", x(goal[what]), x(goal[what]), y - 1, y + 19
}
END {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">\n",
		left + width + 80, row * (n + (nwall ? nwall + 1 : 0)) + 50
	print "<style>.c{fill:#b7410e}.l{fill:#9aa5ad}.g{stroke:#222;stroke-width:2}.n{font-size:9px;fill:#444}</style>"
	print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
	printf "<text x=\"%d\" y=\"20\" font-size=\"13\">Guest instructions an operation (logarithmic):", left
	print " <tspan class=\"c\">Calx</tspan>, <tspan class=\"l\">Linux 6.1</tspan>, | the goal</text>"
	for (i = 1; i <= n; i++)
		bars(36 + (i - 1) * row, name[i], value[i])
	if (nwall) {
		ratio = 1
		printf "<text x=\"%d\" y=\"%d\" font-size=\"13\">By wall clock: Calx\047s speed by Linux\047s, more is better</text>\n",
			left, 36 + row * n + 20
		for (i = 1; i <= nwall; i++)
			bars(36 + row * (n + i), wall[i], wall_value[i])
	}
	print "</svg>"
}
