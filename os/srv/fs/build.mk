# SPDX-License-Identifier: MIT
# For os/Makefile: the file server, built with its library, for the boot archive; and the tool calxfs.
SRVDIRS += srv/fs
SRV += $(O)/out/fs
FS_LIB := $(patsubst %.c,$(O)/%.o,$(wildcard srv/fs/lib/*.c))
MORE_fs := $(FS_LIB)
FS_BIN := $(O)/out/fs

BIN += $(O)/out/bin/calxfs
all: $(O)/out/fs $(O)/out/bin/calxfs

$(O)/out/bin/calxfs: $(patsubst %.c,$(O)/%.o,$(wildcard srv/fs/tool/*.c srv/fs/tool/plain/*.c)) $(FS_LIB) $(LIBDEP)
	@mkdir -p $(@D)
	$(LINK)
