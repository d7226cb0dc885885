/* SPDX-License-Identifier: MIT */
/* Device objects: information, I/O ports, physical memory, DMA memory. */
#include "defs.h"
#include "dev/dev.h"
#include "obj/handle.h"
#include "proc/proc.h"
#include "sys/sys.h"

static void dev_destroy(struct obj *o);

static const struct obj_type dev_type = {
	.kind = OBJ_DEV, .name = "dev", .destroy = dev_destroy,
};

static void dev_destroy(struct obj *o)
{
	kfree(container_of(o, struct dev, obj));
}

static struct dev *dev_alloc(uint32_t n)
{
	struct dev *d = kzalloc(sizeof *d + n * sizeof d->range[0]);

	if (d) {
		obj_init(&d->obj, &dev_type);
		d->nranges = n;
	}
	return d;
}

struct dev *dev_root(void)
{
	struct dev *d = dev_alloc(0);

	if (d)
		d->all = true;
	return d;
}

bool dev_allows(const struct dev *d, uint32_t kind, uint64_t first, uint64_t last)
{
	if (first > last)
		return false;
	if (d->all)
		return true;
	for (uint32_t i = 0; i < d->nranges; i++) {
		const struct dev_range *r = &d->range[i];
		if (r->kind == kind && first >= r->first && last <= r->last)
			return true;
	}
	return false;
}

int dev_get(handle_t h, uint32_t kind, uint64_t first, uint64_t last, struct dev **d)
{
	struct obj *o;
	int err = handle_object(h, OBJ_DEV, 0, &o);

	if (err)
		return err;
	*d = container_of(o, struct dev, obj);
	if (dev_allows(*d, kind, first, last))
		return 0;
	obj_put(o);
	return -EPERM;
}

int dev_check(handle_t h, uint32_t kind, uint64_t first, uint64_t last)
{
	struct dev *d;
	int err = dev_get(h, kind, first, last, &d);

	if (!err)
		obj_put(&d->obj);
	return err;
}

/* Copies as much of the answer as fits. */
static long info_out(uint64_t buf, uint64_t n, const void *what, uint64_t size)
{
	if (n > size)
		n = size;
	return copyout(buf, what, n) ? -EFAULT : (long)n;
}

static long info_bootmem(const struct dev *d, uint64_t buf)
{
	struct mem *m = boot_mem();

	if (!d->all)
		return -EPERM;
	if (!m)
		return -ENOENT;
	uint64_t size = mem_size(m);
	if (buf && copyout(buf, &size, sizeof size))
		return -EFAULT;
	obj_get(&m->obj);
	return handle_new(&m->obj, R_READ | R_EXEC | R_DUP, 0);
}

static long info(const struct dev *d, long what, uint64_t buf, uint64_t n)
{
	uint64_t rsdp = acpi_rsdp();

	switch (what) {
	case DEV_CMDLINE:
		return info_out(buf, n, boot_info.cmdline, strlen(boot_info.cmdline));
	case DEV_ECAM:
		return acpi_ecam.base ? info_out(buf, n, &acpi_ecam, sizeof acpi_ecam) : -ENOENT;
	case DEV_RSDP:
		return rsdp ? info_out(buf, n, &rsdp, sizeof rsdp) : -ENOENT;
	case DEV_FB:
		return boot_info.fb.base ? info_out(buf, n, &boot_info.fb, sizeof boot_info.fb) : -ENOENT;
	case DEV_BOOTMEM:
		return info_bootmem(d, buf);
	}
	return -EINVAL;
}

long sys_dev_info(long h, long what, long buf, long n)
{
	struct obj *o;
	long r = handle_object((handle_t)h, OBJ_DEV, 0, &o);

	if (r)
		return r;
	r = info(container_of(o, struct dev, obj), what, (uint64_t)buf, (uint64_t)n);
	obj_put(o);
	return r;
}

/* See DEV_OUTS8. */
static long outs8(uint16_t port, uint64_t buf, uint64_t n)
{
	uint8_t part[DEV_OUTS_MAX];

	if (n > sizeof part)
		n = sizeof part;
	if (copyin(part, buf, n))
		return -EFAULT;
	if (log_outs(port, part, n))
		return (long)n;
	for (uint64_t i = 0; i < n; i++)
		io_out(1, port, part[i]);
	return (long)n;
}

long sys_dev_io(long h, long op, long port, long value, long n)
{
	static const uint8_t width[] = { [DEV_IN8] = 1, [DEV_IN16] = 2, [DEV_IN32] = 4,
	    [DEV_OUT8] = 1, [DEV_OUT16] = 2, [DEV_OUT32] = 4, [DEV_OUTS8] = 1 };

	if (op < 0 || op > DEV_OUTS8 || !width[op] || port < 0 || port + width[op] > 0x10000)
		return -EINVAL;
	int err = dev_check((handle_t)h, DEV_R_IO, (uint64_t)port, (uint64_t)port + width[op] - 1);
	if (err)
		return err;
	if (op < DEV_OUT8)
		return io_in(width[op], (uint16_t)port);
	if (op == DEV_OUTS8)
		return outs8((uint16_t)port, (uint64_t)value, (uint64_t)n);
	io_out(width[op], (uint16_t)port, (uint32_t)value);
	return 0;
}

/*
 * Memory that the kernel manages is nobody's device; firmware's tables may be read by who
 * holds all.
 */
static bool is_device_memory(uint64_t pa, uint64_t n)
{
	extern const char kernel_start[], kernel_end[];
	uint64_t first = (uint64_t)kernel_start - KERNEL_BASE, last = (uint64_t)kernel_end - KERNEL_BASE;

	if (pa < last && pa + n > first)
		return false;
	for (uint64_t a = pa; a < pa + n; a += PAGE) {
		struct frame *f = frame_of_phys(a);
		if (f && f->kind != FRAME_RESERVED)
			return false;
		if (!f && a > nframes << PAGE_SHIFT)
			break;
	}
	return true;
}

long sys_dev_mem(long h, long pa, long n, long flags)
{
	struct dev *d;
	uint64_t first = (uint64_t)pa, len = (uint64_t)n;

	if (first % PAGE || len == 0 || len % PAGE || len > 1ull << 40 || first > (1ull << 46) ||
	    (flags != 0 && flags != DEV_UNCACHED && flags != DEV_WRITECOMB))
		return -EINVAL;
	int err = dev_get((handle_t)h, DEV_R_MEM, first, first + len - 1, &d);
	if (err)
		return err;
	obj_put(&d->obj);
	if (!is_device_memory(first, len))
		return -EPERM;
	struct mem *m = mem_create_phys(first, len, (unsigned)flags);
	return m ? handle_new(&m->obj, R_READ | R_WRITE | R_DUP, 0) : -ENOMEM;
}

long sys_dev_dma(long h, long n, long flags, long uphys)
{
	uint64_t phys;

	if (n <= 0 || n > 4 << 20 || flags)
		return -EINVAL;
	int err = dev_check((handle_t)h, DEV_R_DMA, 0, 0);
	if (err)
		return err;
	struct mem *m = mem_create_dma((uint64_t)n, &phys);
	if (!m)
		return -ENOMEM;
	if (copyout((uint64_t)uphys, &phys, sizeof phys)) {
		obj_put(&m->obj);
		return -EFAULT;
	}
	return handle_new(&m->obj, R_READ | R_WRITE | R_DUP, 0);
}

/* Ranges for a weaker device, each allowed by the stronger one. */
static int restrict_fill(struct dev *to, const struct dev *from, uint64_t uranges)
{
	if (copyin(to->range, uranges, to->nranges * sizeof to->range[0]))
		return -EFAULT;
	for (uint32_t i = 0; i < to->nranges; i++) {
		const struct dev_range *r = &to->range[i];
		if (r->kind < DEV_R_IO || r->kind > DEV_R_POWER || r->first > r->last)
			return -EINVAL;
		if (!dev_allows(from, r->kind, r->first, r->last))
			return -EPERM;
	}
	return 0;
}

long sys_dev_restrict(long h, long uranges, long count)
{
	struct obj *o;

	if (count < 0 || count > DEV_RANGES)
		return -EINVAL;
	int err = handle_object((handle_t)h, OBJ_DEV, R_DUP, &o);
	if (err)
		return err;
	struct dev *d = dev_alloc((uint32_t)count);
	err = d ? restrict_fill(d, container_of(o, struct dev, obj), (uint64_t)uranges) : -ENOMEM;
	obj_put(o);
	if (err) {
		if (d)
			obj_put(&d->obj);
		return err;
	}
	return handle_new(&d->obj, R_ALL, 0);
}
