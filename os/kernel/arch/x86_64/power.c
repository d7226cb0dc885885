/* SPDX-License-Identifier: MIT */
/* Switching off and starting again; leaving the emulator after a test. */
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "core/private.h"
#include "defs.h"

#define SLP_EN	(1u << 13)
#define SCI_EN	1u

static void stop_here(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

void test_exit(uint32_t v)
{
	char buf[8];

	if (boot_option("test-exit", buf, sizeof(buf)) != NULL)
		io_out(4, 0xf4, v);
}

/* Firmware that starts in legacy mode ignores PM1 until ACPI is enabled. */
static void acpi_mode(void)
{
	if (acpi.smi_cmd == 0 || acpi.acpi_enable == 0 || (io_in(2, (uint16_t)acpi.pm1a_cnt) & SCI_EN))
		return;
	io_out(1, (uint16_t)acpi.smi_cmd, acpi.acpi_enable);
	for (int i = 0; i < 1000000 && !(io_in(2, (uint16_t)acpi.pm1a_cnt) & SCI_EN); i++)
		cpu_pause();
}

/* The machine does as asked a little later; what follows is only for when it does not. */
static void wait_for_it(void)
{
	int64_t end = time_now() + 5000000000;

	while (time_now() < end)
		cpu_pause();
}

void power_off(void)
{
	test_exit(0);
	if (acpi.pm1a_cnt != 0 && acpi.has_s5) {
		acpi_mode();
		io_out(2, (uint16_t)acpi.pm1a_cnt, (uint32_t)acpi.s5a << 10 | SLP_EN);
		if (acpi.pm1b_cnt != 0)
			io_out(2, (uint16_t)acpi.pm1b_cnt, (uint32_t)acpi.s5b << 10 | SLP_EN);
		wait_for_it();
	}
	klog_error("power off is not available: the machine may be switched off now");
	stop_here();
	__builtin_unreachable();
}

void power_reboot(void)
{
	struct { uint16_t limit; uint64_t base; } __attribute__((packed)) none = { 0, 0 };

	if (acpi.reset_space == 1 && acpi.reset_addr != 0) {
		outb((uint16_t)acpi.reset_addr, acpi.reset_value);
		wait_for_it();
	}
	outb(0x64, 0xfe);		/* keyboard controller pulls the reset line */
	for (int i = 0; i < 1000000; i++)
		cpu_pause();
	__asm__ volatile("lidt %0; int3" : : "m"(none));
	stop_here();
	__builtin_unreachable();
}
