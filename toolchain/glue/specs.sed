# SPDX-License-Identifier: MIT
# Edits the output of gcc -dumpspecs. Programs are dynamic and position-independent, with libgcc
# inside, so that libc.so.1 is all they need (g++ itself adds -shared-libgcc, so that option cannot
# decide it); -static-pie and -static make static ones. -dynamic says what is the default; the
# compiler proper must not see it, it would look for a -d.
/^\*self_spec:$/ {
	n
	s/^/%{!static:%{!static-pie:%{!r:-static-libgcc}}} %<shared-libgcc %<dynamic /
}
# Assembler files that say nothing of the stack need no executable one.
/^\*link:$/ {
	n
	s/$/ %{!r:-z noexecstack}/
}
