/* SPDX-License-Identifier: MIT */
/*
 * The clock: time stamp counter, measured against the HPET (or the PIT without one). The time page
 * holds the conversion; it is rebased every few seconds so that 64-bit products never overflow, and
 * the measurement gets finer as the HPET's baseline grows.
 */
#include "abi/proc.h"
#include "arch/x86_64/asm.h"
#include "boot/acpi.h"
#include "defs.h"

#define SHIFT		24
#define WINDOW		1000000		/* ns of the first measurement */
#define REBASE		8000000000	/* ns between rebases */

/* A page of its own: every process sees all of it. */
static union { struct time_page t; uint8_t whole[4096]; } time_page __attribute__((aligned(4096)));

struct sample { uint64_t tsc, hpet; };

static volatile uint64_t *hpet;
static uint64_t hpet_fs;		/* femtoseconds a tick */
static bool hpet_wide;			/* 64-bit counter: the baseline may be long */
static struct sample boot_sample;
static uint64_t apic_mult;		/* timer ticks = ns * apic_mult >> 32 */
static struct ktimer rebase_timer;

/* Both counters at one moment: the try with the least time between the two reads of the TSC. */
static struct sample take_sample(void)
{
	struct sample best = { 0 };
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 8; i++) {
		uint64_t a = rdtsc(), h = hpet[0xf0 / 8], b = rdtsc();

		if (b - a < least) {
			least = b - a;
			best = (struct sample){ a + (b - a) / 2, h };
		}
	}
	return best;
}

static bool hpet_init(void)
{
	if (acpi.hpet == 0 || acpi.hpet >= 4ul << 30)
		return false;
	hpet = phys_to_virt(acpi.hpet);
	hpet_fs = hpet[0] >> 32;
	hpet_wide = hpet[0] >> 13 & 1;
	if (hpet_fs == 0 || hpet_fs > 100000000) {
		hpet = NULL;
		return false;
	}
	hpet[0x10 / 8] |= 1;
	return true;
}

/* Waits WINDOW on the HPET; ns that passed, TSC ticks in *ticks. */
static uint64_t measure_hpet(uint64_t *ticks)
{
	uint64_t want = WINDOW * 1000000ul / hpet_fs;
	struct sample s;

	boot_sample = take_sample();
	while (hpet[0xf0 / 8] - boot_sample.hpet < want)
		cpu_pause();
	s = take_sample();
	*ticks = s.tsc - boot_sample.tsc;
	return (s.hpet - boot_sample.hpet) * (hpet_fs / 1000) / 1000;
}

/* Channel 2 of the PIT counts down 1 ms; the best of three. */
static uint64_t measure_pit(uint64_t *ticks)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 3; i++) {
		uint64_t a, n;

		outb(0x61, (inb(0x61) & 0xfc) | 1);
		outb(0x43, 0xb0);
		outb(0x42, 1193 & 0xff);
		outb(0x42, 1193 >> 8);
		a = rdtsc();
		while ((inb(0x61) & 0x20) == 0)
			;
		n = rdtsc() - a;
		if (n < best)
			best = n;
	}
	*ticks = best;
	return 1193ul * 1000000000 / 1193182;
}

static uint64_t mult_of(uint64_t ns, uint64_t ticks)
{
	uint64_t q, rest;

	__asm__("divq %4" : "=a"(q), "=d"(rest) : "a"(ns << SHIFT), "d"(ns >> (64 - SHIFT)), "r"(ticks));
	return q;
}

void tsc_init(void)
{
	uint64_t ns, ticks, left;

	apic_timer(UINT32_MAX);
	ns = hpet_init() ? measure_hpet(&ticks) : measure_pit(&ticks);
	left = apic_timer_left();
	apic_timer(0);
	apic_mult = ((UINT32_MAX - left) << 32) / ns;
	time_page.t.shift = SHIFT;
	time_page.t.mult = mult_of(ns, ticks);
	time_page.t.base_tsc = rdtsc();
	time_page.t.base_ns = 1;
}

static int64_t convert(uint64_t tsc)
{
	return time_page.t.base_ns + (int64_t)((tsc - time_page.t.base_tsc) * time_page.t.mult >> SHIFT);
}

int64_t time_now(void)
{
	uint32_t seq;
	int64_t ns;

	do {
		seq = __atomic_load_n(&time_page.t.seq, __ATOMIC_ACQUIRE);
		ns = convert(rdtsc());
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while ((seq & 1) != 0 || time_page.t.seq != seq);
	return ns;
}

int64_t time_of_ticks(uint64_t ticks)
{
	return (int64_t)(ticks / 65536 * time_page.t.mult >> (SHIFT - 16));
}

int64_t time_wall(void)
{
	return time_now() + time_page.t.wall_off;
}

int64_t time_of_wall(int64_t wall)
{
	int64_t ns;

	return __builtin_sub_overflow(wall, time_page.t.wall_off, &ns) ? T_FOREVER : ns;
}

static struct spinlock write_lock = SPINLOCK_INIT("clock", RANK_LOG);

static void write_begin(void)
{
	spin_lock(&write_lock);
	__atomic_store_n(&time_page.t.seq, time_page.t.seq + 1, __ATOMIC_SEQ_CST);
}

static void write_end(void)
{
	__atomic_store_n(&time_page.t.seq, time_page.t.seq + 1, __ATOMIC_SEQ_CST);
	spin_unlock(&write_lock);
}

void time_set_wall(int64_t ns)
{
	int64_t off = ns - time_now();

	write_begin();
	time_page.t.wall_off = off;
	write_end();
}

static void rebase(struct ktimer *t)
{
	uint64_t tsc, old = time_page.t.mult, mult = old;
	struct sample s = { 0 };

	if (hpet != NULL && hpet_wide) {
		s = take_sample();
		mult = mult_of((s.hpet - boot_sample.hpet) / 1000 * (hpet_fs / 1000),
			       s.tsc - boot_sample.tsc);
	}
	if (mult > old + old / 64 || mult < old - old / 64)
		mult = old;		/* one of the counters jumped */
	write_begin();
	tsc = rdtsc();
	time_page.t.base_ns = convert(tsc);
	time_page.t.base_tsc = tsc;
	time_page.t.mult = mult;
	write_end();
	ktimer_set(t, time_page.t.base_ns + REBASE);
}

uint64_t time_page_phys(void)
{
	return (uint64_t)&time_page - KERNEL_BASE;
}

/* CMOS clock: seconds since 1970, read twice alike while no update runs. */
static uint8_t cmos(uint8_t r)
{
	outb(0x70, r);
	return inb(0x71);
}

static unsigned bcd(uint8_t v, bool binary)
{
	return binary ? v : (v >> 4) * 10u + (v & 15);
}

static int64_t cmos_seconds(void)
{
	static const uint8_t regs[6] = { 0, 2, 4, 7, 8, 9 };
	uint8_t a[6], b[6];
	bool binary = cmos(0xb) & 4;
	int64_t y, m, d, days;

	do {
		for (int i = 0; i < 1000 && (cmos(0xa) & 0x80); i++)
			;
		for (int i = 0; i < 6; i++)
			a[i] = cmos(regs[i]);
		for (int i = 0; i < 6; i++)
			b[i] = cmos(regs[i]);
	} while (memcmp(a, b, 6) != 0);
	y = 2000 + bcd(a[5], binary);
	m = bcd(a[4], binary);
	d = bcd(a[3], binary);
	y -= m <= 2;			/* years begin in March: leap days come last */
	days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
	return days * 86400 + bcd(a[2] & 0x7f, binary) * 3600 + bcd(a[1], binary) * 60 + bcd(a[0], binary);
}

/* After the first CPU's scheduler is ready. */
void clock_start(void)
{
	time_set_wall(cmos_seconds() * 1000000000);
	ktimer_init(&rebase_timer, rebase);
	ktimer_set(&rebase_timer, time_now() + REBASE / 8);
}

/* Arms this CPU's local timer for the deadline; the distance is cut to what the counter can hold. */
void clock_arm(struct cpu *c, int64_t deadline)
{
	int64_t ns = deadline - time_now();
	uint64_t ticks;

	if (ns < 1000)
		ns = 1000;
	if (ns > 30000000000)
		ns = 30000000000;
	ticks = (uint64_t)((unsigned __int128)(uint64_t)ns * apic_mult >> 32);
	c->timer_armed = deadline;
	apic_timer(ticks > UINT32_MAX ? UINT32_MAX : ticks == 0 ? 1 : (uint32_t)ticks);
}
