# SPDX-License-Identifier: MIT
# Edits the output of gcc -dumpspecs. Programs become static-pie unless -dynamic is given, and
# -no-pie means static. Installed as gcc's file of specs; without that file the default is a dynamic
# position-independent program. The compiler proper must not see -dynamic, it would look for a -d.
/^\*self_spec:$/ {
	n
	s/^/%{!static:%{!static-pie:%{!shared:%{!dynamic:%{!r:%{no-pie|nopie:-static;:-static-pie}}}}}} %<dynamic /
}
# Assembler files that say nothing of the stack need no executable one.
/^\*link:$/ {
	n
	s/$/ %{!r:-z noexecstack}/
}
