# SPDX-License-Identifier: MIT
# cook sbom: bills of materials that the public schema of CycloneDX 1.5 accepts, of a small tree and
# of what is built of this one; cook licenses.
. "$(dirname "$0")/lib.sh"
fresh_tree

# The schema comes in a package of the npm registry; it is kept below build/.
schema=$top/build/tests/cyclonedx
python=
for p in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! $p -c 'import jsonschema' 2>/dev/null || python=$p
done
if [ ! -e "$schema/bom-1.5.SNAPSHOT.schema.json" ] && command -v npm >/dev/null; then
	(cd "$work" && npm pack --silent @cyclonedx/cyclonedx-library@10.3.0 >/dev/null 2>&1 &&
		mkdir -p "$schema" && tar -xf cyclonedx-*.tgz -C "$schema" --strip-components=3 package/res/schema)
fi
[ -e "$schema/bom-1.5.SNAPSHOT.schema.json" ] || python=

# valid NAME FILE...
valid() {
	name=$1; shift
	if [ -n "$python" ]; then
		check "$name" "$python" -W ignore "$top/tests/cookbook/cyclonedx.py" "$schema" "$@"
	else
		skip "$name" "no python3-jsonschema here, or no npm to get the schema with"
	fi
}

# query FILE EXPRESSION: of the document d
query() { python3 -c "import json; d = json.load(open('$1')); c = d['metadata']['component']; print($2)"; }

mkdir -p "$work/lib-1" "$tree/patches/lib" "$tree/src"
echo text >"$work/lib-1/file"
tar -C "$work" -czf "$work/lib_1.dfsg.orig.tar.gz" lib-1
sum=$(sha256 "$work/lib_1.dfsg.orig.tar.gz" | cut -d' ' -f1)
mkdir -p "$work/sources"; cp "$work/lib_1.dfsg.orig.tar.gz" "$work/sources/$sum"
export CALX_SOURCES=$work/sources
printf 'From: A <a@b.invalid>\nSubject: [PATCH] file: more text\nUpstream-Status: Backport [1.1]\nCVE: CVE-2026-12345\n---\n--- a/file\n+++ b/file\n@@ -1 +1,2 @@\n text\n+more\n' \
	>"$tree/patches/lib/0001-more.patch"
recipe lib "source = \"debian:main/l/lib/lib_1.dfsg.orig.tar.gz\"
sha256 = \"$sum\"
homepage = \"https://lib.invalid/\"
cpe = \"lib_project:lib\"" <<'E2'
system = "shell"
install = ["mkdir -p {dest}/usr/share {dest}/usr/include", "cp {src}/file {dest}/usr/share/lib", "cp {src}/file {dest}/usr/include/lib.h"]
E2
recipe app 'depends = ["lib"]' <<'E2'
system = "shell"
install = ["mkdir -p {dest}/usr/bin", "echo '#!/bin/sh' >{dest}/usr/bin/app"]
E2
sed_i 's/license = "MIT"/license = "LicenseRef-app"/' "$tree/ports/app/port.toml"
run_cook build >"$work/log" 2>&1 || { fail sbom-builds "$(tail -n 3 "$work/log")"; exit 1; }
run_cook sbom app >"$work/app.json"
run_cook sbom lib >"$work/lib.json"
run_cook sbom lib-dev >"$work/dev.json"
echo "app	# and what it needs" >"$work/image"
run_cook sbom --image "$work/image" >"$work/image.json"
valid sbom-is-valid "$work/app.json" "$work/lib.json" "$work/dev.json" "$work/image.json"
same sbom-dependencies "['lib@1-1']" \
	"$(query "$work/app.json" "[x['dependsOn'] for x in d['dependencies'] if x['ref'] == 'app@1-1'][0]")"
same sbom-source-hash "$sum" "$(query "$work/lib.json" "c['pedigree']['ancestors'][0]['hashes'][0]['content']")"
same sbom-purl "pkg:deb/debian/lib@1.dfsg?arch=source&checksum=sha256:$sum" \
	"$(query "$work/lib.json" "c['pedigree']['ancestors'][0]['purl']")"
same sbom-cpe "cpe:2.3:a:lib_project:lib:1:*:*:*:*:*:*:*" "$(query "$work/lib.json" "c['cpe']")"
same sbom-patch "backport CVE-2026-12345" "$(query "$work/lib.json" \
	"c['pedigree']['patches'][0]['type'] + ' ' + c['pedigree']['patches'][0]['resolves'][0]['id']")"
same sbom-package-hash "$(run_cook out lib | grep 'lib-1-1' | xargs sha256sum | cut -d' ' -f1)" \
	"$(query "$work/lib.json" "c['hashes'][0]['content']")"
same sbom-licence "[{'license': {'name': 'LicenseRef-app'}}]" "$(query "$work/app.json" "c['licenses']")"
same sbom-image "['app', 'lib']" "$(query "$work/image.json" "[x['name'] for x in d['components']]")"
run_cook sbom app | cmp -s - "$work/app.json" && ok sbom-same-bytes || fail sbom-same-bytes "the second differs"
run_cook sbom nosuch >"$work/out" 2>&1
same sbom-unknown-package 1 $?

# What pkg installed is listed from its own records.
mkdir -p "$work/root/var/lib/pkg/installed"
zstd -dcq "$(run_cook out lib | grep 'lib-1-1')" | tar -xOf - .manifest >"$work/root/var/lib/pkg/installed/lib"
run_cook sbom --image "$work/root" >"$work/root.json"
valid sbom-of-a-root-is-valid "$work/root.json"
same sbom-of-a-root "['lib']" "$(query "$work/root.json" "[x['name'] for x in d['components']]")"

same licenses-without-text "lib	MIT	-" "$(run_cook licenses lib 2>/dev/null)"

# What is built of this tree, in the user's own cache.
real() { (unset XDG_CACHE_HOME; cd "$top" && "$cook" "$@"); }
if real sbom --image scripts/packages.image >"$work/calx.json" 2>"$work/said"; then
	valid sbom-of-the-image-is-valid "$work/calx.json"
	same licenses-all-packages-have-texts "" "$(real licenses 2>&1 | awk -F'\t' '$3 == "-" { printf "%s ", $1 }')"
else
	skip sbom-of-the-image-is-valid "$(tail -n 1 "$work/said")"
fi
exit $((failures > 0))
