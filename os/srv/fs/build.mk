# SPDX-License-Identifier: MIT
# For os/Makefile: the file server, built with its library, for the boot archive; and the tool calxfs.
# SODIUM (-lsodium, or the archive) is what encryption needs; without it encrypted disks are refused.
SODIUM ?=
SRVDIRS += srv/fs
SRV += $(O)/out/fs
FS_LIB := $(patsubst %.c,$(O)/%.o,$(wildcard srv/fs/lib/*.c)) $(O)/srv/fs/key/$(if $(SODIUM),sodium,plain).o
MORE_fs := $(FS_LIB)
FS_BIN := $(O)/out/fs
$(if $(SODIUM),,$(info os: the file server knows no encryption: SODIUM is not given))

BIN += $(O)/out/bin/calxfs
all: $(O)/out/fs $(O)/out/bin/calxfs
$(O)/out/fs $(O)/out/bin/calxfs: LIBS := $(SODIUM)

$(O)/out/bin/calxfs: $(patsubst %.c,$(O)/%.o,$(wildcard srv/fs/tool/*.c srv/fs/tool/plain/*.c)) $(FS_LIB) $(LIBDEP)
	@mkdir -p $(@D)
	$(LINK)
