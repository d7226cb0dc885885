# SPDX-License-Identifier: MIT
# The file server for os/Makefile: the library is built with it; it goes into the boot archive.
SRVDIRS += srv/fs
SRV += $(O)/out/fs
MORE_fs := $(patsubst %.c,$(O)/%.o,$(wildcard srv/fs/lib/*.c))
FS_BIN := $(O)/out/fs
