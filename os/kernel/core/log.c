/* SPDX-License-Identifier: MIT */
/* The kernel's log: the last 64 KiB in a ring that SYS_log_read shows, and the serial line COM1. */
#include "arch/x86_64/asm.h"
#include "core/private.h"
#include "defs.h"
#include "sys/sys.h"

#define RING	(64 * 1024)
#define COM1	0x3f8
#define LINE	512

static struct spinlock lock = SPINLOCK_INIT("log", RANK_LOG);
static char ring[RING];
static uint64_t written;		/* bytes ever; under lock */
static bool quiet;			/* "quiet": only errors on the serial line */
static bool serial_ready;

static void serial_init(void)
{
	static const uint8_t setup[][2] = {	/* 115200 8N1, FIFOs, DTR RTS OUT2 */
		{ 1, 0 }, { 3, 0x80 }, { 0, 1 }, { 1, 0 }, { 3, 3 }, { 2, 7 }, { 4, 0xb },
	};

	for (size_t i = 0; i < sizeof(setup) / sizeof(*setup); i++)
		outb(COM1 + setup[i][0], setup[i][1]);
	serial_ready = true;
}

static void serial_char(char c)
{
	for (int i = 0; i < 10000 && (inb(COM1 + 5) & 0x20) == 0; i++)
		cpu_pause();
	outb(COM1, (uint8_t)c);
}

static void serial_text(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			serial_char('\r');
		serial_char(s[i]);
	}
}

void log_set_quiet(bool q)
{
	quiet = q;
}

/* The line is set up with the first text, quiet or not: later its driver has interrupts enabled there. */
static void log_locked(const char *s, size_t n, bool serial)
{
	if (!serial_ready)
		serial_init();
	for (size_t i = 0; i < n; i++)
		ring[written++ % RING] = s[i];
	if (serial)
		serial_text(s, n);
}

static void write_line(const char *s, size_t n, bool serial)
{
	spin_lock(&lock);
	log_locked(s, n, serial);
	if (n != 0 && s[n - 1] != '\n')
		log_locked("\n", 1, serial);
	spin_unlock(&lock);
}

void klog_write(const char *s, size_t n)
{
	write_line(s, n, !quiet);
}

static void vlog(bool serial, const char *fmt, va_list ap)
{
	char line[LINE];
	int n = vsnprintf(line, sizeof(line), fmt, ap);

	write_line(line, n < LINE ? (size_t)n : LINE - 1, serial);
}

void klog(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(!quiet, fmt, ap);
	va_end(ap);
}

void klog_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(true, fmt, ap);
	va_end(ap);
}

/* What the driver of the line sends does not come into a line of the log, nor that into it. */
bool log_outs(uint16_t port, const uint8_t *s, size_t n)
{
	if (port != COM1)
		return false;
	spin_lock(&lock);
	for (size_t i = 0; i < n; i++)
		serial_char((char)s[i]);
	spin_unlock(&lock);
	return true;
}

/* For panics: no lock, always on the serial line. */
void log_raw(const char *s, size_t n)
{
	log_locked(s, n, true);
}

long sys_log(long buf, long len)
{
	char line[LINE];
	size_t n = (uint64_t)len < sizeof(line) ? (size_t)len : sizeof(line);

	if (copyin(line, (uint64_t)buf, n) != 0)
		return -EFAULT;
	klog_write(line, n);
	return (long)n;
}

/* Copies [off, off + n) of the log to k; *off moves to the oldest byte kept. */
static uint64_t log_copy(uint64_t *off, char *k, uint64_t n)
{
	uint64_t i = 0;

	spin_lock(&lock);
	if (written > RING && *off < written - RING)
		*off = written - RING;
	for (; i < n && *off + i < written; i++)
		k[i] = ring[(*off + i) % RING];
	spin_unlock(&lock);
	return i;
}

long sys_log_read(long from, long buf, long len)
{
	char part[LINE];
	uint64_t off = (uint64_t)from, n = len > 0 ? (uint64_t)len : 0, done = 0, k;

	while (done < n) {
		k = log_copy(&off, part, n - done < LINE ? n - done : LINE);
		if (k == 0)
			break;
		if (copyout((uint64_t)buf + done, part, k) != 0)
			return -EFAULT;
		done += k;
		off += k;
	}
	return (long)done;
}
