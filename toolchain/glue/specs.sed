# SPDX-License-Identifier: MIT
# Edits the output of gcc -dumpspecs. Programs are dynamic and position-independent; -static-pie and
# -static make static ones. libgcc_s.so.1 serves who unwinds: C++ (g++ says -shared-libgcc), and of C
# what refers to the unwinder (--as-needed); the rest has its few functions of libgcc inside.
# -dynamic says what is the default; the compiler proper must not see it, it would look for a -d.
/^\*self_spec:$/ {
	n
	s/^/%<dynamic /
}
# Assembler files that say nothing of the stack need no executable one.
/^\*link:$/ {
	n
	s/$/ %{!r:-z noexecstack}/
}
