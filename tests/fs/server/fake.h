/* SPDX-License-Identifier: MIT */
/*
 * A kernel and a message loop made for the tests of the file server: forced in front of its sources, it
 * takes the place of os/lib/sys.h. One thread; blocking calls of clients run the server at once.
 */
#ifndef LIB_SYS_H
#define LIB_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../../os/abi/dev.h"
#include "../../../os/abi/mem.h"
#include "../../../os/abi/msg.h"
#include "../../../os/abi/proc.h"
#include "../../../os/abi/sys.h"

int64_t sys_call(handle_t h, struct msg *m);
int64_t sys_handle_close(handle_t h);
int64_t sys_handle_dup(handle_t h, handle_t min, uint32_t flags);
int64_t sys_file_flags(handle_t h, uint32_t mask, uint32_t flags);
int64_t sys_write(handle_t h, const void *buf, uint64_t n);
int64_t sys_handle_info(handle_t h, struct handle_info *info);
int64_t sys_file_create(handle_t port, const struct file_args *args);
int64_t sys_msg_read(uint64_t token, int range, uint64_t off, void *buf, uint64_t n);
int64_t sys_msg_write(uint64_t token, int range, uint64_t off, const void *buf, uint64_t n);
int64_t sys_mem_pager(handle_t port, uint64_t key, uint64_t size, uint64_t self0, uint64_t self1);
int64_t sys_port_inherit(handle_t port, uint32_t flags, struct port_item *item);
int64_t sys_adopt(handle_t h, uint64_t id);
int64_t sys_mem_size(handle_t mem, int64_t size);
int64_t sys_mem_grow(handle_t mem, uint64_t size);
int64_t sys_mem_cut(handle_t mem, uint64_t off, uint64_t n);
int64_t sys_mem_patch(handle_t mem, uint64_t off, const void *buf, uint64_t n);
int64_t sys_mem_supply(handle_t mem, uint64_t off, const void *buf, uint64_t n);
int64_t sys_mem_fail(handle_t mem, uint64_t off, uint64_t n, int err);
int64_t sys_mem_grant(handle_t mem, int64_t pages);
int64_t sys_mem_dirty(handle_t mem, struct mem_run *runs, uint64_t max);
int64_t sys_mem_take(handle_t mem, uint64_t off, void *buf, uint64_t n);
int64_t sys_mem_redirty(handle_t mem, uint64_t off, uint64_t n);
int64_t sys_mem_drop(handle_t mem, uint64_t off, uint64_t n);
int64_t sys_mem_changed(handle_t mem);
int64_t sys_pipe(handle_t h[2], uint32_t flags);
int64_t sys_reply(uint64_t token, struct msg *m);
int64_t sys_sleep(int64_t deadline);
int64_t sys_getrandom(void *buf, uint64_t n);
int64_t sys_vm_map(const struct vm_map *map);
int64_t sys_sysinfo(struct sys_info *info);

size_t strlcpy(char *to, const char *from, size_t size);

/* The client's side: -errno or a result, as libc would see it. */
struct answer { int64_t w[MSG_WORDS]; handle_t h; char out[8192] __attribute__((aligned(16))); };
int64_t ask(handle_t h, uint64_t op, const char *path, size_t len, const uint64_t *words, struct answer *a);
int64_t file_pread(handle_t h, void *buf, uint64_t n, uint64_t off);
int64_t file_pwrite(handle_t h, const void *buf, uint64_t n, uint64_t off);
uint64_t file_length(handle_t h);
void file_map(handle_t h, int change);		/* mappings of its mem: +1, -1 */
void file_close(handle_t h);
void fake_timers(void);				/* runs what is armed, once; fs_tick is the test's to call */
void fake_evict(void);				/* drops all clean pages */
unsigned fake_live(void);			/* objects that exist */
extern uint32_t fake_pid;
extern uint64_t fake_cred;
extern uint32_t fake_groups;			/* its set: fake_group_list */
extern uint32_t fake_group_list[4];
extern uint32_t fake_dead;			/* P_DEATHS tells of it once */
void fake_death(void);				/* the deaths' file became ready */
extern bool fake_hung_up;			/* whose ends have no reader any more */
extern unsigned fake_page_ins;			/* PAGE_IN so far */
handle_t fake_end(void);			/* end of a pair, to send along */
extern char fake_written[4096];			/* what was written to it */
extern size_t fake_nwritten;
extern handle_t fake_along;			/* sent as h[0] of the next request */
extern int64_t fake_late;			/* last srv_reply: result */
extern unsigned fake_lates;
extern handle_t fake_late_handle;

#endif
