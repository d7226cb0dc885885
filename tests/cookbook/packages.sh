# SPDX-License-Identifier: MIT
# The package format: what is written reads back, and what lies is refused.
. "$(dirname "$0")/lib.sh"
unset ASAN_OPTIONS
pack=$helpers/pack
dir=$work/dir
mkdir -p "$dir/usr/bin" "$dir/usr/share/a b"
echo hello >"$dir/usr/bin/x"
chmod 755 "$dir/usr/bin/x"
echo 'é' >"$dir/usr/share/a b/näme"
: >"$dir/usr/share/empty"
ln -s /usr/bin/x "$dir/usr/share/abs"
ln -s ../bin/x "$dir/usr/share/rel"
ln "$dir/usr/bin/x" "$dir/usr/bin/y"
long=$(printf '%0150d' 0)
mkdir "$dir/usr/$long"
echo deep >"$dir/usr/$long/$long"

check packages-write "$pack" write "$dir" "$work/a.cpk"
check packages-verify "$pack" verify "$work/a.cpk"
cp -R "$dir" "$work/dir2"
find "$work/dir2" -exec touch -h -t 200101010000 {} +
TZ=Asia/Tokyo LC_ALL=C "$pack" write "$work/dir2" "$work/b.cpk"
rm -rf "$work/dir2/usr/bin/y"; cp "$work/dir/usr/bin/x" "$work/dir2/usr/bin/y"
"$pack" write "$work/dir2" "$work/c.cpk"
check packages-are-deterministic cmp "$work/a.cpk" "$work/b.cpk"
check packages-ignore-hard-links cmp "$work/a.cpk" "$work/c.cpk"
mkdir "$work/x"
check packages-extract "$pack" extract "$work/a.cpk" "$work/x"
ln -sfn ../bin/x "$dir/usr/share/abs"
same packages-absolute-link-is-made-relative ../../usr/bin/x "$(readlink "$work/x/usr/share/abs")"
ln -sfn ../bin/x "$work/x/usr/share/abs"
same packages-extract-is-the-same "$(tree_of "$dir")" "$(tree_of "$work/x")"
"$pack" print "$work/a.cpk" >"$work/manifest"
zstd -dcq "$work/a.cpk" | tar -xOf - .manifest >"$work/manifest2"
check packages-print-is-inverse cmp "$work/manifest" "$work/manifest2"
zstd -dcq "$work/a.cpk" | tar -tf - >"$work/names" 2>"$work/warnings"
same packages-plain-tar-reads-them "" "$(cat "$work/warnings")"

mkfifo "$work/x/fifo"
"$pack" write "$work/x" "$work/d.cpk" | grep -q 'neither file' &&
	ok packages-special-file-not-written || fail packages-special-file-not-written "taken"
[ -e "$work/d.cpk" ] && fail packages-failure-leaves-nothing "d.cpk" || ok packages-failure-leaves-nothing

# --- flipped bits: no crash, and never other content; what is cut short is refused.
# (The manifest itself is covered by the index, which names packages by their hash.)
mkdir -p "$work/small/usr"
echo content >"$work/small/usr/file"
"$pack" write "$work/small" "$work/s.cpk"
python3 - "$work/s.cpk" "$work/flip" "$pack" "$work/fx" <<'END' >"$work/out"
import os, shutil, subprocess, sys
good, flip, pack, out = sys.argv[1:]
data = open(good, "rb").read()
def run(what, b):
    open(flip, "wb").write(b)
    shutil.rmtree(out, ignore_errors=True)
    os.mkdir(out)
    return subprocess.run([pack, what, flip] + ([out] if what == "extract" else []),
        capture_output=True)
bad = []
for i in range(0, len(data), 3):
    r = run("extract", data[:i] + bytes([data[i] ^ 0x10]) + data[i + 1:])
    file = out + "/usr/file"
    if r.returncode not in (0, 1): bad.append("crash at %d" % i)
    if r.returncode == 0 and os.path.exists(file) and open(file, "rb").read() != b"content\n":
        bad.append("other content at %d" % i)
for i in range(0, len(data), 9):
    if run("verify", data[:i]).returncode != 1: bad.append("cut at %d" % i)
print(*bad)
END
same packages-flipped-and-cut-are-refused "" "$(cat "$work/out")"

# --- packages that lie; the manifest of a good one is the base
"$pack" print "$work/s.cpk" >"$work/m"
good_m="f 644 root .manifest @$work/m"
usr='d 755 root usr'
file='f 644 root usr/file content
'

# refuses NAME REASON SPEC...
refuses() {
	name=$1 reason=$2; shift 2
	"$pack" raw "$work/bad.cpk" "$@"
	out=$("$pack" verify "$work/bad.cpk" 2>&1)
	status=$?
	case $status:$out in
	1:*"$reason"*) ok "packages-refuse-$name" ;;
	*) fail "packages-refuse-$name" "status $status: $out" ;;
	esac
}
"$pack" raw "$work/bad.cpk" "$good_m" "$usr" "$file"
check packages-raw-base-is-good "$pack" verify "$work/bad.cpk"
refuses no-manifest 'no .manifest' "$usr" "$file"
refuses wrong-content 'hash differs' "$good_m" "$usr" 'f 644 root usr/file CONTENT
'
refuses wrong-size 'size differs' "$good_m" "$usr" 'f 644 root usr/file x'
refuses wrong-mode 'mode differs' "$good_m" "$usr" 'f 4755 root usr/file content
'
refuses wrong-owner 'owner differs' "$good_m" "$usr" 'f 644 evil usr/file content
'
refuses missing-member 'missing in the package' "$good_m" "$usr"
refuses extra-member 'more members' "$good_m" "$usr" "$file" 'f 644 root usr/g x'
refuses repeated-member 'more members' "$good_m" "$usr" "$file" "$file"
refuses other-order 'another member' "$good_m" "$file" "$usr"
refuses link-for-file 'type differs' "$good_m" "$usr" 'l 777 root usr/file /etc/passwd'
refuses hard-link 'differs' "$good_m" "$usr" 'h 644 root usr/file etc/passwd'
refuses device 'type differs' "$good_m" "$usr" 'c 644 root usr/file x'
refuses fifo 'type differs' "$good_m" "$usr" 'p 644 root usr/file x'
refuses link-for-folder 'type differs' "$good_m" 'l 777 root usr /etc' "$file"
refuses absolute-member 'another member' "$good_m" 'd 755 root /usr' "$file"

# --- manifests that lie: sed EXPRESSION makes one from the good one
lies() {
	name=$1 reason=$2; shift 2
	sed "$@" "$work/m" >"$work/m2"
	"$pack" raw "$work/bad.cpk" "f 644 root .manifest @$work/m2" "$usr" "$file"
	out=$("$pack" verify "$work/bad.cpk" 2>&1)
	case $?:$out in
	1:*"$reason"*) ok "packages-refuse-$name" ;;
	*) fail "packages-refuse-$name" "$out" ;;
	esac
}
lies absolute-path '.manifest:13:85: absolute path' 's, usr/file$, /usr/file,'
lies dot-dot "'..' in path" 's, usr/file$, usr/../file,'
lies escaped-dot-dot 'needless' 's, usr/file$, usr/%2E%2E,'
lies double-slash 'empty component' 's, usr/file$, usr//file,'
lies newline-in-path 'control character in path' 's, usr/file$, usr/%0A,'
lies own-name 'names itself' 's, usr/file$, .manifest,'
lies leaving-link 'leaves the root' 's,^d .*,l 0777 root root 0 - usr ../etc,'
lies absolute-link 'absolute link' 's,^d .*,l 0777 root root 0 - usr /etc,'
lies through-link 'parent is not a directory' 's,^d .*,l 0777 root root 0 - usr etc,'
lies no-parent 'parent is not a directory' -e '/^d /d' -e 's/^files 2/files 1/'
lies repeated-path 'repeated or out of order' -e 's/^files 2/files 3/' -e '/^d /p'
lies out-of-order 'out of order' 's, usr/file$, a,'
lies special-type 'type is not' 's/^f 0644/c 0644/'
lies wrong-sum 'not the sum' 's/^size .*/size 7/'
lies huge-size 'size' 's/^size .*/size 99999999999999999999999/'
lies too-few-rows 'something follows' 's/^files 2/files 1/'
lies too-many-rows 'unexpected end' 's/^files 2/files 3/'
lies absurd-count "expected 'files NUMBER'" 's/^files 2/files 4294967297/'
lies unknown-key 'unknown' 's/^arch/arhc/'
lies other-format "expected 'cpk 1'" 's/^cpk 1/cpk 2/'
lies bad-name 'not a package name' 's/^name .*/name ..\/x/'
lies bad-relation "'NAME'" 's/^depends .*/depends a b/'
lies no-summary 'needed' '/^summary/d'
lies key-twice 'unknown' 's/^arch any/&\n&/'

# --- versions
order() { same "versions $1 $2 $3" "$2" "$("$pack" compare "$1" "$3")"; }
order 1.2 '<' 1.10
order 1.0 '=' 1.00
order 1.0~rc1 '<' 1.0
order 1.0 '<' 1.0.1
order 1.0a '<' 1.0b
order 1.0-1 '<' 1.0-2
order 1.0-1 '=' 1.0
order 2 '>' 1.99999999999999999999999
order 1a '<' 1.1
exit $((failures > 0))
