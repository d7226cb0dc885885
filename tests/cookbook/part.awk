# SPDX-License-Identifier: MIT
# Which recipes are built twice on a day: awk -v day=N -v most=SECONDS -v longest=SECONDS, lines "NAME SECONDS".
# Each day begins with another recipe, whose turn it is unless it takes more than longest ("-NAME" then),
# and goes on from there as far as the seconds allow.
{ name[NR - 1] = $1; seconds[NR - 1] = $2 }
END {
	step = 7919
	while (NR % step == 0 || gcd(step, NR) > 1)
		step++
	first = day * step % NR
	long = seconds[first] > longest
	print (long ? "-" : "") name[first]
	for (i = 1; i < NR; i++) {
		at = (first + i) % NR
		if (sum + seconds[at] <= most) {
			sum += seconds[at]
			print name[at]
		}
	}
}
function gcd(a, b) { return b ? gcd(b, a % b) : a }
