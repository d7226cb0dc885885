# SPDX-License-Identifier: MIT
# cook cve: advisories of the NVD and of OSV against recipes, and the patches that answer them.
. "$(dirname "$0")/lib.sh"
fresh_tree
db=$top/tests/cookbook/advisories
zeros=0000000000000000000000000000000000000000000000000000000000000000

# port NAME VERSION SOURCE [line]
port() {
	mkdir -p "$tree/ports/$1"
	cat >"$tree/ports/$1/port.toml" <<-END
	name = "$1"
	version = "$2"
	license = "MIT"
	summary = "Test"
	source = "$3"
	sha256 = "$zeros"
	toolchain = "none"
	$4
	[build]
	system = "make"
	END
}
cve() { run_cook cve --tsv "$@" 2>/dev/null | cut -f1,2,4,5,6,7 | tr '\t\n' ' |'; }

port zlib 1.2.11 debian:main/z/zlib/zlib_1.2.11.dfsg.orig.tar.gz 'cpe = "zlib:zlib"'
same cve-nvd-ranges \
	"CVE-2018-25032 zlib 1.2.12 HIGH 7.5 cpe open|CVE-2022-37434 zlib > 1.2.12 CRITICAL 9.8 cpe open|" \
	"$(cve --db "$db/nvd.json")"
same cve-osv-debian "CVE-2022-37434 zlib 1.2.13 CRITICAL 9.8 purl open|" \
	"$(cve --db "$db/osv-debian.json")"
run_cook cve --db "$db/nvd.json" >/dev/null 2>&1
same cve-status-says-open 3 $?

port zlib 1.2.12 debian:main/z/zlib/zlib_1.2.12.orig.tar.gz 'cpe = "zlib:zlib"'
same cve-end-of-a-range "CVE-2022-37434 zlib > 1.2.12 CRITICAL 9.8 cpe open|" "$(cve --db "$db/nvd.json")"

mkdir -p "$tree/patches/zlib"
printf 'From: A <a@b>\nSubject: [PATCH] inflate: bound the extra field\nUpstream-Status: Backport\nCVE: CVE-2022-37434\n---\n--- a/x\n+++ b/x\n' \
	>"$tree/patches/zlib/0001-extra.patch"
same cve-patch-counts-as-fixed \
	"CVE-2022-37434 zlib 1.2.13 CRITICAL 9.8 cpe patched 0001-extra.patch|" "$(cve --db "$db")"
run_cook cve --db "$db" >/dev/null 2>&1
same cve-status-when-all-is-patched 0 $?
rm -r "$tree/patches/zlib"

port zlib 1.3.1 'debian:main/z/zlib/zlib_1.3.dfsg+really1.3.1.orig.tar.gz' 'cpe = "zlib:zlib"'
same cve-newer-is-not-affected "" "$(cve --db "$db")"
# Without a cpe the name alone ties, whoever the vendor is: it is said to be so.
port zlib 1.3.1 https://zlib.invalid/zlib-1.3.1.tar.gz
same cve-by-name-alone "CVE-2024-0002 zlib - - name open|" "$(cve --db "$db")"
mkdir -p "$tree/cookbook"; printf '# names\nzlib\tother:x\tother:zlib\n' >"$tree/cookbook/cpe.tsv"
same cve-names-of-the-tree "CVE-2024-0002 zlib - - cpe open|" "$(cve --db "$db")"
rm -r "$tree/ports/zlib"

port xz 5.6.0 https://xz.invalid/xz-5.6.0.tar.gz 'cpe = "tukaani:xz"'
same cve-one-version "CVE-2024-3094 xz - CRITICAL 10.0 cpe open|" "$(cve --db "$db")"
port xz 5.6.0rc1 https://xz.invalid/xz-5.6.0rc1.tar.gz 'cpe = "tukaani:xz"'
same cve-not-its-candidate "" "$(cve --db "$db")"
rm -r "$tree/ports/xz"

port cjson 1.7.14 https://x.invalid/cjson-1.7.14.tar.gz
port curl 8.3.0 https://x.invalid/curl-8.3.0.tar.gz 'cpe = ["haxx:curl", "haxx:libcurl"]'
same cve-osv-tags "OSV-2021-777 cjson - HIGH purl open|" "$(cve --db "$db/osv-fuzz.json")"
same cve-osv-git "CVE-2023-38545 curl - CRITICAL 9.8 name open|" "$(cve --db "$db/osv-git.json")"
same cve-databases-are-merged \
	"CVE-2023-38545 curl 8.4.0 CRITICAL 9.8 cpe open|" "$(cve --db "$db" curl)"

(cd "$db" && python3 -m zipfile -c "$work/all.zip" nvd.json osv-*.json)
gzip -c "$db/nvd.json" >"$work/nvd.json.gz"
same cve-zip-as-folder "$(cve --db "$db")" "$(cve --db "$work/all.zip")"
same cve-gzip-as-file "$(cve --db "$db/nvd.json")" "$(cve --db "$work/nvd.json.gz")"

# Dumps are cut off, and foreign.
head -c 900 "$db/nvd.json" >"$work/cut.json"
out=$(run_cook cve --db "$work/cut.json" 2>&1)
same cve-cut-off-fails 1 $?
case $out in *"cut.json: "*) ok cve-cut-off-is-named ;; *) fail cve-cut-off-is-named "$out" ;; esac
echo '{"id": 7, "affected": {"package": []}}' >"$work/odd.json"
run_cook cve --db "$work/odd.json" >"$work/out" 2>&1
same cve-odd-types-are-passed-over 0 $?
exit $((failures > 0))
