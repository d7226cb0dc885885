# SPDX-License-Identifier: MIT
# libvterm from its own tree, and the font made from its BDF file.
ifneq ($(VTERM_SRC),)
EXTRA_fb := -I$(VTERM_SRC)/include -Idrv/fb
VTERM_OBJ := $(patsubst $(VTERM_SRC)/src/%.c,$(O)/vterm/%.o,$(wildcard $(VTERM_SRC)/src/*.c))
MORE_fb := $(VTERM_OBJ) $(O)/fb-font.o

$(O)/vterm/%.o: $(VTERM_SRC)/src/%.c
	@mkdir -p $(@D)
	$(CC) $(BASEFLAGS) $(CFLAGS) -w -I$(VTERM_SRC)/include -I$(VTERM_SRC)/src -c -o $@ $<

$(O)/bdf2c: tools/bdf2c.c
	@mkdir -p $(@D)
	$(HOSTCC) -O1 $(WARN) -o $@ $<

$(O)/fb-font.c: $(SPLEEN_SRC)/spleen-8x16.bdf $(O)/bdf2c
	$(O)/bdf2c $< > $@

$(O)/fb-font.o: $(O)/fb-font.c
	$(CC) $(BASEFLAGS) $(CFLAGS) $(WARN) -Idrv/fb -c -o $@ $<
endif
