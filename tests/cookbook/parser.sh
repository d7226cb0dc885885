# SPDX-License-Identifier: MIT
# The TOML parser: what is wrong is refused at its line and column, what is right is taken.
. "$(dirname "$0")/lib.sh"
fresh_tree
mkdir -p "$tree/ports/x"

# bad NAME WHERE TEXT: the first error of a recipe with this text is at WHERE
bad() {
	printf "$3" >"$tree/ports/x/port.toml"
	got=$(run_cook lint x 2>&1 | head -n 1)
	case $got in
	"ports/x/port.toml:$2: "*) ok "parser-refuses-$1" ;;
	*) fail "parser-refuses-$1" "wanted $2, got '$got'" ;;
	esac
}

bad missing-equals 1:6 'name "x"\n'
bad missing-value 1:8 'name = \n'
bad open-string 2:13 'name = "x"\nversion = "1\n'
bad open-array 3:1 'name = "x"\nsource = ["a",\n'
bad key-twice 2:1 'name = "x"\nname = "x"\n'
bad table-twice 3:2 '[build]\nsystem = "make"\n[build]\n'
bad key-over-table 2:2 'build = "x"\n[build]\n'
bad array-of-tables 1:2 '[[build]]\n'
bad dotted-key 1:6 'build.system = "make"\n'
bad float 1:11 'release = 1.5\n'
bad date 1:11 'release = 1979-05-27\n'
bad leading-zero 1:11 'release = 01\n'
bad underscore-at-end 1:11 'release = 1_\n'
bad too-large 1:11 'release = 99999999999999999999\n'
bad unknown-escape 1:11 'name = "x\\q"\n'
bad surrogate 1:15 'name = "\\ud800"\n'
bad nul-escape 1:15 'name = "\\u0000"\n'
bad control 1:9 'name = "\001"\n'
bad bare-cr 1:12 'name = "x"\rversion = "1"\n'
bad not-utf8 1:9 'name = "\300\200"\n'
bad text-after-value 1:12 'name = "x" "y"\n'
bad missing-bracket 1:7 '[build\n'
bad empty-header 1:2 '[]\n'
bad inline-trailing-comma 1:16 'env = {a = "b",}\n'
bad inline-newline 1:8 'env = {\na = "b"}\n'
bad long-string-key 1:1 '"""a""" = 1\n'
bad comment-control 1:4 '# a\001\n'
deep=$(printf '%0100d' 0 | tr 0 '[')
bad too-deep 1:40 "name = $deep\n"

cat >"$tree/ports/x/port.toml" <<'END'
# comment	with a tab
"name" = 'x' # comment
version = """\
   1.\
   0"""
license = "\u004dI\U00000054"
summary = '''it's "quoted"'''
release = 0x1_0
source = [ # one
	"tree:ports", # two

]
toolchain = "none"
[build]
system = "copy"
install = []
env = { A = "b", C = "" }
[split.x-more]
files = ["usr/x"]
[test]
run = "true"
END
check parser-takes-valid run_cook lint x
same parser-folds-lines "1.0" "$(run_cook list --tsv x | cut -f2)"
printf 'name = "x"\r\nversion = "1"\r\nlicense = "MIT"\r\nsummary = "s"\r\n[build]\r\nsystem = "make"\r\n[test]\r\nrun = "true"\r\ntimeout = 5' \
	>"$tree/ports/x/port.toml"
sed_i 's/^\[build/toolchain = "none"\r\n[build/' "$tree/ports/x/port.toml"
check parser-takes-crlf run_cook lint x
exit $((failures > 0))
