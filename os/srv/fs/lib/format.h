/* SPDX-License-Identifier: MIT */
/* The on-disk format of calxfs, version 2. calxfs(5) describes it in prose; all integers are little-endian. */
#ifndef CALXFS_FORMAT_H
#define CALXFS_FORMAT_H

#include <stdint.h>

#define CFS_BLOCK_SHIFT	12
#define CFS_BLOCK	4096u
#define CFS_MAGIC	0x31307366786c6163ull	/* the bytes "calxfs01" */
#define CFS_VERSION	2u
#define CFS_NODE_MAGIC	0x646f4e43u		/* "CNod" */
#define CFS_INDEX_MAGIC	0x78644943u		/* "CIdx" */
#define CFS_SNAPS_MAGIC	0x70616e53u		/* "Snap" */

#define CFS_NAME_MAX	255u
#define CFS_LINK_MAX	4095u		/* longest symbolic link */
#define CFS_EXT_MAX	128u		/* most blocks in one extent item; with tags CFS_EXT_TAGS */
#define CFS_EXT_TAGS	56u
#define CFS_SYM_CHUNK	1024u		/* bytes of a symbolic link in one item */
#define CFS_XATTR_CHUNK	768u		/* bytes of an extended attribute's value in one item */
#define CFS_XATTR_MAX	65536u		/* longest value */
#define CFS_GROUP	32768u		/* blocks covered by one bitmap block */
#define CFS_IDX_GROUPS	254u		/* groups in one index block */
#define CFS_IDX_MAX	200u		/* index blocks a superblock has room for */
#define CFS_HEIGHT_MAX	8u
#define CFS_TWIN_MIN	1024u		/* smaller file systems keep nodes once */

#define CFS_SB_FIRST	1u		/* superblock slots: blocks 1 and 2, copies in the last two blocks */
#define CFS_IDX_FIRST	3u		/* index block i: blocks 3 + 2i and 4 + 2i */

#define CFS_ROOT_INO	2u
#define CFS_FIRST_INO	16u

/* Feature words: an unknown bit in incompat refuses the mount, in ro_compat it allows only reading. */
#define CFS_INCOMPAT_CRYPT	1ull	/* nodes, snapshot lists and data are encrypted */
#define CFS_INCOMPAT_KNOWN	CFS_INCOMPAT_CRYPT
#define CFS_RO_COMPAT_KNOWN	0ull

/* Item types: the top byte of cfs_key.toff. */
enum cfs_type {
	CFS_T_INODE = 0,	/* off 0: struct cfs_dinode */
	CFS_T_SYMLINK = 1,	/* off = first byte of this chunk: the text */
	CFS_T_XATTR = 2,	/* off = hash << 16 | collision number << 8 | chunk: struct cfs_xattr + name + value */
	CFS_T_DIRENT = 3,	/* off = hash << 16 | collision number: struct cfs_dirent + name */
	CFS_T_EXTENT = 4,	/* off = first page: struct cfs_extent + one checksum or tag for each block */
	CFS_T_ORPHAN = 5,	/* key.ino 0, off = inode number: no value; inode to be freed or trimmed at mount */
	CFS_T_REF = 6,		/* key.ino 0, off = first block: struct cfs_ref: data that several extents share */
};

#define CFS_TYPE_SHIFT	56
#define CFS_OFF_MASK	((1ull << CFS_TYPE_SHIFT) - 1)

struct cfs_key {
	uint64_t ino;
	uint64_t toff;		/* type << 56 | off */
};

/* A pointer to a tree node: where, when it was written, and XXH64 (seed 0) of its 4096 bytes on disk. */
struct cfs_ptr {
	uint64_t blk;
	uint64_t twin;		/* the same bytes again, or 0 */
	uint64_t gen;
	uint64_t csum;
};

struct cfs_nodehead {
	uint32_t magic;
	uint16_t level;		/* 0: leaf */
	uint16_t nitems;
	uint64_t gen;		/* transaction that wrote it */
	uint64_t blk;		/* its own address, the first one */
	uint32_t data;		/* leaf: offset of the lowest byte of item data; data is packed to the end */
	uint32_t flags;		/* 0 */
	uint8_t nonce[16];	/* encrypted: of the bytes behind this head, and the tag that proves both */
	uint8_t tag[16];
	uint64_t spare[2];
};

/* An entry of an inner node: the child holds keys >= key (entry 0: any key below entry 1). */
struct cfs_branch {
	struct cfs_key key;
	struct cfs_ptr ptr;
};

/* An entry of a leaf: the value is len bytes at off, not aligned. Slots are sorted by key. */
struct cfs_slot {
	struct cfs_key key;
	uint16_t off;
	uint16_t len;
	uint32_t zero;
};

struct cfs_dinode {
	uint32_t mode;
	uint32_t nlink;
	uint32_t uid;
	uint32_t gid;
	uint64_t size;		/* bytes; directories: number of entries */
	uint64_t blocks;	/* data blocks of 4096 bytes */
	uint64_t rdev;
	uint64_t parent;	/* directories: inode of the parent */
	int64_t sec[4];		/* access, modification, change, birth */
	uint32_t nsec[4];
	uint64_t gen;		/* transaction that created it */
	uint64_t flags;		/* CFS_INODE_* */
	uint64_t spare[2];
};

#define CFS_INODE_XATTR	1u	/* it has, or had, extended attributes */

struct cfs_dirent {
	uint64_t ino;
	uint8_t type;		/* mode >> 12 */
	uint8_t namelen;
	/* name, without a terminating NUL */
} __attribute__((packed));

#define CFS_EXT_UNWRITTEN	1u	/* blocks set aside: read as zeros, no checksums follow */

struct cfs_extent {
	uint64_t blk;
	uint64_t gen;		/* transaction that took the blocks */
	uint32_t count;		/* 1..CFS_EXT_MAX blocks */
	uint32_t flags;		/* CFS_EXT_* */
	/* uint64_t csum[count]: XXH64 (seed 0) of each block; encrypted: uint8_t nonce[16], tag[count][16] */
} __attribute__((packed));

/* Blocks [off, off + count) belong to `refs` extents, at least two. Ranges do not overlap. */
struct cfs_ref {
	uint32_t count;
	uint32_t refs;
};

/* The first chunk (0) has the name and the value's length; all chunks hold up to CFS_XATTR_CHUNK bytes of value. */
struct cfs_xattr {
	uint32_t size;		/* of the whole value */
	uint8_t namelen;
	/* name, value */
} __attribute__((packed));

/* A snapshot: a root of the tree as it was. Blocks with a generation up to `parent` are its parent's too. */
struct cfs_snap {
	uint64_t gen;		/* the commit it keeps */
	uint64_t parent;	/* generation of the snapshot it grew from, or 0 */
	struct cfs_ptr root;
	uint32_t height;
	uint32_t namelen;
	uint64_t next_ino;
	uint64_t nrefs;
	int64_t sec;		/* when it was made */
	uint32_t nsec;
	uint32_t zero;
	uint64_t spare[5];
	char name[256];
};

#define CFS_SNAPS_BLOCK	9u	/* in one block */

/* A block of the list of snapshots: a node's head (level 0, nitems entries), the next block, entries. */
struct cfs_snaps {
	struct cfs_nodehead head;
	struct cfs_ptr next;	/* blk 0: the last */
	struct cfs_snap snap[CFS_SNAPS_BLOCK];
	uint8_t pad[CFS_BLOCK - 80 - 32 - CFS_SNAPS_BLOCK * 384];
};

/* One group of the free space map. Bitmap g lies in one of two fixed blocks; slot says in which. */
struct cfs_gdesc {
	uint64_t csum;		/* XXH64 of the bitmap block */
	uint32_t nfree;
	uint32_t slot;		/* 0 or 1 */
};

struct cfs_index {
	uint32_t magic;
	uint32_t index;
	uint64_t gen;
	struct cfs_gdesc group[CFS_IDX_GROUPS];
	uint64_t spare[2];
};

struct cfs_idxref {
	uint64_t csum;
	uint64_t slot;		/* 0 or 1 */
};

/* Encryption: the key is wrapped by one made from a passphrase by Argon2id. */
struct cfs_cryptinfo {
	uint8_t salt[16];
	uint64_t ops, mem;	/* Argon2id's passes and bytes of memory */
	uint8_t nonce[24];	/* of the wrapping */
	uint8_t wrapped[48];	/* 32 bytes and a tag, XChaCha20-Poly1305 */
	uint64_t spare[3];
};

_Static_assert(sizeof(struct cfs_cryptinfo) == 128, "encryption");

struct cfs_super {
	uint64_t magic;
	uint32_t version;
	uint32_t block_shift;
	uint64_t compat;
	uint64_t ro_compat;
	uint64_t incompat;
	uint8_t uuid[16];
	char label[32];
	uint64_t nblocks;	/* size of the file system */
	uint64_t gen;		/* slot = gen & 1; the highest valid one counts */
	struct cfs_ptr root;
	uint32_t height;	/* levels of the tree, at least 1 */
	uint32_t nindex;	/* index blocks */
	uint64_t next_ino;
	uint64_t nfree;		/* blocks */
	uint64_t hash_seed;	/* of directory names */
	int64_t sec;		/* time of this commit */
	uint32_t nsec;
	uint32_t zero;
	struct cfs_ptr snaps;	/* list of snapshots; blk 0: none */
	uint64_t snap_gen;	/* the snapshot that the tree grew from, or 0 */
	uint64_t nsnaps;
	uint64_t nrefs;		/* items of type CFS_T_REF */
	uint64_t rollback;	/* the next mount goes back to this snapshot; 0: no */
	struct cfs_cryptinfo crypt;
	uint64_t spare[8];
	struct cfs_idxref idx[CFS_IDX_MAX];
	uint8_t pad[448];
	uint64_t csum;		/* XXH64 of the 4088 bytes before */
};

#define CFS_BRANCH_MAX	((CFS_BLOCK - sizeof(struct cfs_nodehead)) / sizeof(struct cfs_branch))

_Static_assert(sizeof(struct cfs_key) == 16, "key");
_Static_assert(sizeof(struct cfs_ptr) == 32, "ptr");
_Static_assert(sizeof(struct cfs_nodehead) == 80, "node head");
_Static_assert(sizeof(struct cfs_branch) == 48, "branch");
_Static_assert(sizeof(struct cfs_snap) == 384, "snapshot");
_Static_assert(sizeof(struct cfs_snaps) == CFS_BLOCK, "list of snapshots");
_Static_assert(sizeof(struct cfs_xattr) == 5, "attribute");
_Static_assert(sizeof(struct cfs_slot) == 24, "slot");
_Static_assert(sizeof(struct cfs_dinode) == 128, "inode");
_Static_assert(sizeof(struct cfs_dirent) == 10, "dirent");
_Static_assert(sizeof(struct cfs_extent) == 24, "extent");
_Static_assert(sizeof(struct cfs_index) == CFS_BLOCK, "index");
_Static_assert(sizeof(struct cfs_super) == CFS_BLOCK, "superblock");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "calxfs needs a little-endian machine");

#endif
