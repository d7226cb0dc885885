/* SPDX-License-Identifier: MIT */
/*
 * The file protocol: operations that libc sends to the file it names. All paths are bytes without a
 * terminator in range r[0] (length r[0].len, at most 4095), relative to the directory called; an
 * empty path means the file called itself. struct stat (its last three words: STAT_BTIME if the time of birth
 * follows, seconds and nanoseconds; else zeros), dirent64, statfs, timespec, flags and modes
 * have Linux's x86_64 layout and values on every system that Calx's libc runs on.
 *
 * When a walk meets a symbolic link with an absolute target, or leaves the server's tree by "..",
 * the server answers -F_REDIRECT with the new absolute path (rest of the walk included) in r[1]
 * (every path operation passes PATH_MAX bytes there or after its result) and its length in w[1]; libc
 * starts again from its name table, at most 40 times, then ELOOP.
 */
#ifndef ABI_FILE_H
#define ABI_FILE_H

#include "types.h"

#define F_REDIRECT	1000	/* -1000 is no errno */
#define STAT_BTIME	1

enum file_op {
	F_OPEN = 1,	/* path; w1 O_* flags, w2 mode (umask applied) -> h[0]; w1 S_IFMT bits; from uid 0 with F_AS in w1:
			 * checked for cred w3 with groups w4 */
	F_STAT,		/* path; w1 AT_* flags | STAT_KEEP; r1 >= struct stat (144 bytes) gets it -> w2; see below */
	F_SETATTR,	/* path; w1 SA_* mask | AT_SYMLINK_NOFOLLOW << 32, w2 mode, w3 uid | gid << 32, w4 size, w5 atime ns, w6 mtime ns */
	F_MKDIR,	/* path; w2 mode */
	F_UNLINK,	/* path; w1 AT_REMOVEDIR */
	F_RENAME,	/* r0 = old '\0' new; h[0] = directory of the new path (same server, else -EXDEV); w1 flags */
	F_LINK,		/* r0 = old '\0' new; h[0] as above; w1 AT_SYMLINK_FOLLOW */
	F_SYMLINK,	/* r0 = path '\0' target */
	F_READLINK,	/* path; r1 gets the target -> w0 bytes */
	F_MKNOD,	/* path; w2 mode with type (fifo, socket), w3 dev */
	F_READDIR,	/* w1 cookie (0 first); r1 gets struct linux_dirent64s -> w0 bytes, w1 next cookie */
	F_ACCESS,	/* path; w1 R_OK W_OK X_OK, w2 AT_EACCESS AT_SYMLINK_NOFOLLOW */
	F_SYNC,		/* w1 1: data only; 2: the whole file system (sync) */
	F_STATFS,	/* r1 gets struct statfs (120 bytes) */
	F_READ,		/* sent by the kernel for PLANE_NONE: w1 bytes, w2 offset or -1; r1 buffer -> w0 bytes */
	F_WRITE,	/* the same: r0 buffer -> w0 bytes */
	F_SEEK,		/* w1 offset, w2 whence -> w0: SEEK_END for servers that hold the offset; SEEK_DATA, SEEK_HOLE */
	F_IOCTL,	/* w1 request, w2 argument by value; r0 in, r1 out (libc knows the sizes) -> w0 */
	F_RECLOCK,	/* w1 F_GETLK F_SETLK F_SETLKW, w2 type | whence << 16, w3 start, w4 len -> w1.. the same for GETLK, w5 pid */
	F_FLOCK,	/* w1 LOCK_SH LOCK_EX LOCK_UN | LOCK_NB */
	F_PATH,		/* r1 gets the absolute path inside the server's tree -> w0 bytes (fchdir, getcwd) */
	F_ALLOCATE,	/* w1 mode, w2 offset, w3 len */
	F_CLONE,	/* a new open of the same file: w1 flags -> h[0] (/dev/fd, reopen) */
	F_WATCH,	/* path; w1 IN_* mask, h[0] one end of a pair with PAIR_RECORDS -> w0 watch number; see below */
	F_UNWATCH,	/* w1 watch number, h[0] the same end */
	F_BIND,		/* path; w2 mode, h[0] address file: makes a socket node that leads to it; -EADDRINUSE */
	F_CONNECT,	/* path of a socket node -> h[0] its address file, for who may write to the node; -ECONNREFUSED */
	F_CONFINE,	/* to a root: r0 holds, for each name, 'r' or 'w', path, '\0' -> h[0] a root of the same prefix with these
			 * names and what is below them alone, without 'w' for reading only; so has all that is opened through
			 * it. -ENOSYS: all or nothing of this server can be given away */
	F_GETXATTR,	/* r0 name; w1 most bytes, 0 asks for the length; r1 gets the value -> w0 bytes; -ERANGE, -ENODATA */
	F_SETXATTR,	/* r0 = name '\0' value; w1 XATTR_CREATE XATTR_REPLACE */
	F_LISTXATTR,	/* w1 most bytes, 0 asks for the length; r1 gets names, each ended by '\0' -> w0 bytes; -ERANGE */
	F_REMOVEXATTR,	/* r0 name */
	F_SOURCE,	/* -> w1 ticket: what the next F_COPY of this process copies from; the file is open for reading */
	F_COPY,		/* w1 ticket, w2 offset there, w3 offset here, w4 bytes, w5 COPY_* -> w0 bytes; see below */
	F_ADVISE,	/* w1 POSIX_FADV_WILLNEED or _DONTNEED, w2 offset, w3 bytes, 0: to the end */
};

/*
 * inotify: libc keeps both ends of a pair; the program reads one, the other goes with each F_WATCH
 * and is known again by its koid. The server writes a struct inotify_event (with name, padded) a
 * record, without waiting: when the pair is full it keeps one IN_Q_OVERFLOW in mind. -EPIPE ends all
 * watches of that end. Watching a file or directory again with the same end changes the mask
 * (IN_MASK_ADD adds) and gives the same number.
 */

/*
 * STAT_KEEP in w1 is the kernel's question (SYS_file_stat): it can keep the answer of an open file with a pager-backed
 * mem and give it to all who ask, but for the size, which is the mem's. The server allows that by STAT_KEEP in w2 and must
 * then call SYS_mem_changed before it answers anything that made another field wrong. The kernel forgets the answer by
 * itself when it has sent PAGE_DIRTY or a page was written to (MEM_LOOK in mem.h), for whoever wrote may ask for the
 * times next, and when a new server inherits the port. A server that receives in several threads puts calls and pages in order itself, or does not allow it.
 */
#define STAT_KEEP	(1ull << 32)
#define STAT_SIZE	144
#define STAT_SIZE_WORD	6	/* st_size, in words of 8 bytes */

/*
 * F_COPY makes pages of the source appear in the file called, sharing their blocks. The two are regular files of
 * one server (-EXDEV), offsets are multiples of 4096 (-EINVAL), and so are the bytes, unless they end at the
 * source's end and not before the end of the file called. With COPY_ALL all of w4 is done (0: up to the source's
 * end), or nothing; else whole pages of it, as many as are soon done, and what lies behind the source's end
 * is not missed.
 */
#define COPY_ALL	1

#define F_AS	(1ull << 32)	/* in w1 of F_OPEN and F_ACCESS */

/* Mask of F_SETATTR; times UTIME_NOW are resolved by libc with clock_gettime. */
#define SA_MODE		0x01
#define SA_UID		0x02
#define SA_GID		0x04
#define SA_SIZE		0x08
#define SA_ATIME	0x10
#define SA_MTIME	0x20
#define SA_NOW		0x40	/* both times are "now": who may write may set them */

/*
 * Sockets: S_SOCKET to the root of netd (prefix "/net") gives a socket file; the rest goes to that.
 * A blocking one holds the answer; with O_NONBLOCK in msg.fflags it answers -EAGAIN/-EINPROGRESS.
 * Readiness is pushed. read and write arrive as F_READ and F_WRITE; F_READ with w3 = 1 must not wait
 * (a later piece of one readv).
 *
 * S_SEND and S_RECV: a sockaddr of up to 32 bytes travels in w4..w7. A longer one lies at the head of
 * range 0, before the control data; for S_RECV at the head of range 1 in the room of w3 bytes, and
 * when that is too small the answer is -EOVERFLOW and nothing is consumed. Control data are struct
 * cmsghdr as in msg_control; control data that do not fit are left out and MSG_CTRUNC is set.
 */
enum socket_op {
	S_SOCKET = 0x40,	/* w1 domain, w2 type, w3 protocol -> h[0] */
	S_BIND,			/* r0 sockaddr */
	S_CONNECT,		/* r0 sockaddr; AF_UNIX: h[0] address file unless the name is abstract */
	S_LISTEN,		/* w1 backlog */
	S_ACCEPT,		/* r1 gets the peer's sockaddr -> h[0], w1 its length; w2 flags */
	S_SEND,			/* w1 flags, w2 length of sockaddr, w3 bytes of control data; r0 [control][data] -> w0 bytes */
	S_RECV,			/* w1 flags, w2 room for control data, w3 room for a long sockaddr; r1 [sockaddr room][control room][data]
				   -> w0 bytes, w1 sockaddr length, w2 MSG_* flags, w3 bytes of control data */
	S_NAME,			/* w1 0 own, 1 peer; r1 gets it -> w1 length */
	S_GETOPT,		/* w1 level, w2 name; r1 -> w1 length */
	S_SETOPT,		/* w1 level, w2 name; r0 */
	S_SHUTDOWN,		/* w1 how */
	S_CONFIG,		/* to the root: r1 gets text "key value\n": address, gateway, dns, state of each interface */
	S_ADDRESS,		/* AF_UNIX: -> h[0] the socket's address file; -EINVAL: it has a name already */
	S_USEND,		/* w1 MSG_*, w2 bytes of sockaddr at the head of r0, then data; w3 1: h[0] is the address
				 * file; handles after it are SCM_RIGHTS -> w0 bytes */
	S_URECV,		/* w1 MSG_*; r1 gets [UNIX_ADDR bytes sockaddr][data] -> w0 bytes, w1 sockaddr length, w2 MSG_*,
				 * w3 pid, w4 cred of the sender, w5 1: SO_PASSCRED is set; h[] SCM_RIGHTS */
};

/*
 * AF_UNIX. A stream or seqpacket socket is a file with PLANE_CHAN: S_SOCKET makes a pair (PAIR_RECORDS
 * for seqpacket and dgram), gives the file with one end as its data plane, and keeps the other;
 * S_CONNECT hands that other end, in a file of its own, to the listener's queue, where S_ACCEPT finds
 * it. libc tries SYS_chan_send and SYS_chan_recv first, so data, descriptors and credentials never
 * come to the server. A listener's EV_IN is pushed.
 * Until it is connected the file is held (FILE_HELD), and all comes to the server.
 *
 * Names belong to the file servers: a bound socket has an address file (S_ADDRESS), which F_BIND puts
 * behind a node; who connects gets it from there by F_CONNECT and shows it to the server of sockets. So
 * moving and removing names, permissions and links are the file server's, and nobody can claim a name
 * that he cannot make. Order of bind: S_ADDRESS, F_BIND, S_BIND. Abstract names have no address file.
 * Datagrams go through the server by S_USEND and S_URECV; S_SEND and S_RECV answer -EAFNOSUPPORT.
 */

#define UNIX_ADDR	112	/* room for a struct sockaddr_un */

/*
 * Terminals: a driver attaches one end of a SYS_pair to the root of ptyd (prefix "/dev"), reads from
 * the other what programs print (already processed by the line discipline) and writes to it what
 * is typed. When the pair hangs up the server has restarted: attach again.
 */
enum tty_op {
	T_ATTACH = 0xa0,	/* only uid 0: r0 name ("tty0", "ttyS0"), w1 rows | columns << 16, h[0] end of a pair */
	T_RESIZE,		/* only uid 0: r0 name, w1 rows | columns << 16: sets the window size, SIGWINCH */
};

/* Block devices (drivers answer on the file given to the file server). Offsets and lengths in bytes, multiples of 512. */
enum block_op {
	B_INFO = 0x60,		/* -> w1 size in bytes, w2 sector size, w3 BLK_* flags */
	B_READ,			/* w1 offset, w2 bytes; r1 */
	B_WRITE,		/* w1 offset, w2 bytes; r0 */
	B_FLUSH,		/* when it is answered all answered writes are durable, and none that came before it is on its way */
};
#define BLK_READONLY	1

/*
 * The name service (init's): the prefix table of the system. On the file that it is asked by, EV_IN becomes set whenever
 * a prefix is registered and EV_PRI whenever a device is: for BIND_EDGE, nothing takes them back.
 */
enum names_op {
	N_REGISTER = 0x80,	/* r0 prefix ("/", "/dev", "/net"); h[0] root file: servers, at start and restart */
	N_LOOKUP,		/* r0 prefix; w1 N_WAIT: hold the answer until it is registered -> h[0] root file (the current one) */
	N_LIST,			/* r1 gets prefixes, each ended by '\0' -> w0 bytes */
	N_POWER,		/* w1 POWER_OFF or POWER_REBOOT: init stops everything in order, syncs, and does it */
	N_SERVICES,		/* r1 gets text, a line a service: name pid state restarts */
	N_DEVICE,		/* r0 name ("blk0", "nic0"); w1 N_WAIT -> h[0]: devices that drivers registered with N_REGISTER "dev:NAME" */
	N_SERVICE,		/* only uid 0: w1 SERVICE_*; r0 name, or for SERVICE_ADD the text of its definition (init.conf(5)) */
	N_EXIT,			/* only uid 0: w1 exit status: with "test=" on the kernel command line, ends the machine with it */
	N_CLOCK,		/* only uid 0: w1 CLOCK_REALTIME in ns since 1970 */
};
#define N_WAIT		1
#define SERVICE_ADD	1
#define SERVICE_START	2
#define SERVICE_STOP	3
#define SERVICE_RESTART	4

#endif
