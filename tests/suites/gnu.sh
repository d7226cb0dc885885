# SPDX-License-Identifier: MIT
# For suites in automake's and gnulib's manner (bash): built out of tree, the tests and their
# environment read from the makefile. The paths of the build become those of the device.

# gnu_build KIND MAKEDIR TARGETS ARGS...: configures in $out/KIND/build and makes; the folders
# "list" and "run-test" for the tests of build/MAKEDIR come out in $out/KIND.
gnu_build() {
	local kind=$1 sub=$2 targets=$3 top=$out/$1.d p t=$tools/share/calx
	shift 3
	! built "$top" || return 0
	source_to "$top/src"
	rm -rf "$top/build"
	mkdir -p "$top/build"
	if [ "$kind" = calx ]; then
		with_tools true
		for p in patches/"$suite"/*.patch; do
			[ ! -e "$p" ] || patch -sp1 -d "$top/src" <"$p" || die "$p does not apply"
		done
		find "$top/src" -name config.sub -exec cp "$t/config.sub" {} \;
		set -- --host=$target --build="$(uname -m)-pc-linux-gnu" "$@"
	fi
	(
		cd "$top/build" || exit
		FORCE_UNSAFE_CONFIGURE=1 "$top/src/configure" --disable-nls --disable-dependency-tracking "$@" && eval "$targets"
	) >"$top/log" 2>&1 || die "does not build: $(grep -m 1 -E 'error:|\*\*\*' "$top/log") ($top/log)"
	gnu_tests "$top" "$sub"
}

gnu_tests() {
	local top=$1 sub=$2
	cat >"$top/print.mk" <<-EOF
		\$(file >$top/list,\$(TESTS))
		\$(file >$top/environment,\$(TESTS_ENVIRONMENT))
		\$(file >$top/perl,\$(PL_LOG_COMPILE))
		\$(file >$top/taint,\$(XPL_LOG_COMPILE))
		\$(file >$top/other,\$(LOG_COMPILE))
		print-nothing: ;
	EOF
	make -s -C "$top/build/$sub" -f Makefile -f "$top/print.mk" print-nothing >/dev/null 2>&1
	tr -s ' \t' '\n\n' <"$top/list" | grep . >"$top/list.new"
	mv "$top/list.new" "$top/list"
	# Where logs would lie; some tests work there.
	(cd "$top/build/$sub" && sed -n 's|/[^/]*$||p' "$top/list" | sort -u | xargs -r mkdir -p)
	choose "$top/list"
	cat >"$top/run-test" <<-EOF
		run_test() {
			f=\$1
			cd "$top/build/$sub" || return
			tst=$top/src/$sub/\$f
			[ -f "\$tst" ] || tst=./\$f
			case \$f in
			*.sh) set -- /bin/bash "\$tst" ;;
			*.pl) command -v perl >/dev/null || return 77; set -- $(cat "$top/perl") "\$tst" ;;
			*.xpl) command -v perl >/dev/null || return 77; set -- $(cat "$top/taint") "\$tst" ;;
			*) set -- $(cat "$top/other") "\$tst" ;;
			esac
			set -- timeout -k 5 \$SUITE_TEST_SECONDS "\$@"
			$(cat "$top/environment") "\$@"
		}
	EOF
}

# gnu_stage: the suite that was built for Calx, as it is found there
gnu_stage() {
	local top=$out/calx.d stage=$out/calx.stage
	rm -rf "$stage"
	mkdir -p "$stage"
	cp -a "$top/src" "$top/build" "$top/list" "$top/list.all" "$stage/"
	rm -rf "$stage"/src/{po,doc,gnulib-tests,man} "$stage"/build/{po,doc,gnulib-tests,man}
	find "$stage" \( -name '*.o' -o -name '*.a' -o -name '*.gmo' \) -delete
	find "$stage/build" -type f -perm -100 -exec "$tools/bin/$target-strip" {} \; 2>/dev/null
	sed "s|$top|/suite|g" "$top/run-test" >"$stage/run-test"
	grep -rlIF "$top" "$stage/build" | xargs -r sed -i "s|$top|/suite|g"
}

# gnu_suite MAKEDIR TARGETS PACKAGES ARGS...: all of it
gnu_suite() {
	local sub=$1 targets=$2 packages=$3
	shift 3
	unset SUITE_LINUX
	if [ -n "$linux" ]; then
		gnu_build linux "$sub" "$targets" "$@"
		on_linux "$out/linux.d"
	fi
	if [ -n "$calx" ]; then
		with_tools gnu_build calx "$sub" "$targets" "$@"
		gnu_stage
		on_calx "$out/calx.stage" "$packages"
	fi
	report
}
