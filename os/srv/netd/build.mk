# SPDX-License-Identifier: MIT
# lwIP from its own tree, without its resolver and its timers: servers.c and timers.c stand for them.
ifneq ($(LWIP_SRC),)
LWIP_INC := -Isrv/netd -I$(LWIP_SRC)/src/include
EXTRA_netd := $(LWIP_INC)
LWIP_FILES := $(filter-out %/dns.c %/timeouts.c,$(wildcard $(addprefix $(LWIP_SRC)/src/,core/*.c core/ipv4/*.c core/ipv6/*.c))) \
	$(LWIP_SRC)/src/netif/ethernet.c
MORE_netd := $(patsubst $(LWIP_SRC)/src/%.c,$(O)/lwip/%.o,$(LWIP_FILES))
# loop.c comes before lwIP's way of packets to ourselves.
$(O)/out/netd: LIBS += -Wl,--wrap=netif_loop_output
# lite.c has lists of its own.
$(O)/out/netd: LIBS += -Wl,--wrap=udp_input,--wrap=udp_netif_ip_addr_changed

$(O)/lwip/%.o: $(LWIP_SRC)/src/%.c
	@mkdir -p $(@D)
	$(CC) $(BASEFLAGS) $(CFLAGS) -w $(LWIP_INC) -c -o $@ $<
endif
