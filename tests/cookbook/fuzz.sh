# SPDX-License-Identifier: MIT
# The fuzzer over all recipes of this tree and a manifest, for FUZZ_SECONDS; a quarter of it for the
# comparison with another parser.
. "$(dirname "$0")/lib.sh"
unset ASAN_OPTIONS
mkdir -p "$work/d/usr/lib"
echo x >"$work/d/usr/lib/a b"
ln -s lib "$work/d/usr/link"
"$helpers/pack" write "$work/d" "$work/d.cpk"
"$helpers/pack" print "$work/d.cpk" >"$work/manifest"
set -- "$work/manifest"
for f in "$top"/ports/*/port.toml "$top"/toolchain/*/port.toml "$top"/os/*/port.toml; do
	[ ! -f "$f" ] || set -- "$@" "$f"
done
if "$helpers/fuzz" "${FUZZ_SECONDS:-5}" "$@" >"$work/out" 2>&1; then
	echo "cookbook: fuzz: $(cat "$work/out")" >&2
	ok fuzz-recipes-and-manifests
else
	fail fuzz-recipes-and-manifests "$(tail -n 8 "$work/out" | tr '\n' ' ')"
fi
shift
if python3 -c 'import tomllib' 2>/dev/null; then
	if python3 "$top/tests/cookbook/toml.py" "$helpers/tomlcheck" \
			$((${FUZZ_SECONDS:-5} / 4 + 1)) "$@" >"$work/out" 2>&1; then
		echo "cookbook: toml: $(cat "$work/out")" >&2
		ok fuzz-toml-agrees-with-tomllib
	else
		fail fuzz-toml-agrees-with-tomllib "$(tail -n 3 "$work/out" | tr '\n' ' ')"
	fi
else
	skip fuzz-toml-agrees-with-tomllib "python3 has no tomllib"
fi
exit $((failures > 0))
