# SPDX-License-Identifier: MIT
# Draws the table of scripts/bench as SVG: a row an operation, a bar for Calx and one for Linux (and a tick
# for the goal), on a logarithmic scale of guest instructions. Input: reference.tsv, then name<TAB>value lines.
BEGIN { FS = "\t"; row = 26; left = 190; width = 560; low = 4; high = 2e9 }
function x(v) { return left + width * log((v < low ? low : v) / low) / log(high / low) }
function text(v) { return v >= 1e7 ? sprintf("%.1f M", v / 1e6) : v >= 1e4 ? sprintf("%.1f k", v / 1e3) : v }
/^#/ { next }
FNR == NR { linux[$1] = $2; goal[$1] = $4; next }
($1 in goal) { name[++n] = $1; value[n] = $2 }
function bar(y, v, class) {
	printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"8\"/>", class, left, y, x(v) - left
	printf "<text class=\"n\" x=\"%.1f\" y=\"%d\">%s</text>\n", x(v) + 4, y + 8, text(v)
}
END {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">\n",
		left + width + 80, row * n + 50
	print "<style>.c{fill:#b7410e}.l{fill:#9aa5ad}.g{stroke:#222;stroke-width:2}.n{font-size:9px;fill:#444}</style>"
	print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
	printf "<text x=\"%d\" y=\"20\" font-size=\"13\">Guest instructions an operation (logarithmic):", left
	print " <tspan class=\"c\">Calx</tspan>, <tspan class=\"l\">Linux 6.1</tspan>, | the goal</text>"
	for (i = 1; i <= n; i++) {
		y = 36 + (i - 1) * row
		printf "<text x=\"%d\" y=\"%d\" font-size=\"12\" text-anchor=\"end\">%s</text>\n", left - 8, y + 13, name[i]
		bar(y, value[i], "c")
		if (linux[name[i]] != "-")
			bar(y + 10, linux[name[i]], "l")
		printf "<line class=\"g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n", x(goal[name[i]]), x(goal[name[i]]), y - 1, y + 19
	}
	print "</svg>"
}
