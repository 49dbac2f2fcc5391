/* What the BPF programs, the addon and src/schema/descriptors.ts agree on. Plain C, included by both worlds.
 * Record: header, then the row exactly as it will lie in EventBatch's arena (src/model/batch.ts). */
#ifndef KSYS_ABI_H
#define KSYS_ABI_H

#define KSYS_MAX_NR 1024    /* system call numbers, with those given to calls that only 32-bit programs have */
#define KSYS_NATIVE_NR 512  /* the kernel's own are below */
#define KSYS_UNKNOWN_NR 575 /* stands for all numbers that no call is known for */
#define KSYS_COMPAT_APART 32 /* functions of i386's socketcall, private calls of ARM */
#define KSYS_MAX_OPS 9      /* filler operations of one call */
#define KSYS_CASES 1024     /* entries for cases, a power of two */
#define KSYS_CASE_PROBES 16 /* entries that one may be in */
#define KSYS_MAX_SLOTS 16   /* residual kernel filters */
#define KSYS_MAX_VALUES 8   /* values of one set in a slot */
#define KSYS_CGROUPS 32768    /* entries for cgroups with marks, a power of two */
/* Marks of a cgroup: a bit for each slot that no thread in it fulfils, and one for that of a container. Behind its key in the entry. */
#define KSYS_CGROUP_CONTAINER (1u << KSYS_MAX_SLOTS)
#define KSYS_CGROUP_MARKS (KSYS_MAX_SLOTS + 1)
#define KSYS_CONTROLLERS 5    /* controllers whose cgroups a thread is recorded with: CGROUP_LIST of bpf/kernel.h */
/* A cgroup of the other hierarchies that containers may be in is known by KSYS_CGROUP_KEY: numbers of cgroups are
 * those of their hierarchy alone. which: 1 + the hierarchy's place in `ksys_plan.hierarchies`, 0: it is of `cgroup_hierarchy`. */
#define KSYS_CGROUP_KEY(id, which) ((id) | (unsigned long long)(which) << 44)
/* Where its entry is: the cgroups at the top of all hierarchies have one number. */
#define KSYS_CGROUP_ENTRY(key) (((key) ^ (key) >> 32) & (KSYS_CGROUPS - 1))
#define KSYS_THROTTLES 4096   /* entries for cgroups whose calls are counted, a power of two; the last one is for all that find none */
#define KEEP_TIMESPEC 8
#define KEEP_SELECT 16
#define KEEP_SPARED 17 /* whether the descriptor at argument 0 is a file whose content is not to be recorded */
#define SELECT_SET 128      /* bytes that are kept of one of select's sets */
#define TIMESPEC_BYTES 16
#define KSYS_MAX_ROW 65000  /* bytes of one row, without the rest of its data */
#define KSYS_FIRST_DATA 60000 /* bytes of a call's data within its row, at most; what is kept beyond them lies behind the row */
#define KSYS_MAX_DATA (1 << 20) /* bytes of data that are kept of one call at most */
#define KSYS_COUNTERS 4096  /* entries of one side of a CPU's table of counted calls, a power of two */
#define KSYS_PROGRAM_COUNTERS 1024 /* the same of calls that are counted by program */
#define KSYS_LATENCIES 16   /* buckets of latencies there, a power of two; the last ones are never used */

/* ROW.* of src/model/batch.ts */
enum { ROW_HIDDEN = 1, ROW_RESTART = 2, ROW_REREAD = 4, ROW_COMPAT = 8, ROW_ENTER = 16, ROW_STATE = 32, ROW_LATE = 64, ROW_IN_FLIGHT = 128, ROW_AT_LEAST = 256, ROW_COUNTED = 512, ROW_STACK = 1024 };

struct ksys_rec {
	unsigned long long time;     /* CLOCK_BOOTTIME ns, exit of the call */
	unsigned long long latency;  /* ns; ~0 = unknown */
	long long ret;
	unsigned int tid, pid;       /* initial pid namespace; pid is the tgid */
	unsigned int absent;         /* bit per parameter */
	unsigned short type, flags;
};

/* Behind the row of a record with ROW_STACK: words of the program, then of the kernel, and at the very end this. The words are return
 * addresses, innermost first. The addon takes them away, and puts the number (4 bytes) of the stack there instead, which a ks_stack record
 * tells of. */
#define KSYS_ENDED_BY 4000 /* the result of a call that a signal ended before it began is -(this + the signal) */
#define KSYS_FIRST_CODE (~0ull) /* an offset of ks_mmap: that of the file's first segment of code, wherever it is */
#define KSYS_FRAMES 127      /* return addresses of one stack */
struct ksys_stack {
	unsigned short row;          /* bytes of the row alone */
	unsigned short users;        /* words of the program */
	unsigned short callers;      /* the last of these are so many pairs: a return address found on the stack, and where its call leads */
	unsigned short kernels;      /* words of the kernel */
};

/* What a lost record was; LOSSES of src/schema/losses.ts is in this order. Of the first four the ring or the lane was full. */
enum ksys_loss {
	LOST_CALL,                   /* a call's one record */
	LOST_ENTER,                  /* the enter event of one */
	LOST_OTHER,                  /* another event: a switch, a page fault, a signal, an end, an operation of io_uring */
	LOST_STATE,                  /* never shown, it keeps threads and descriptors true */
	LOST_SKIPPED,                /* at most: calls that the kernel did not run a program for, as another thread was in it */
	LOST_DATA,                   /* none: a call was recorded, but the lane had no room for its data beyond KSYS_FIRST_DATA */
	LOST_KINDS
};

/* records lost, a cache line for each CPU */
struct ksys_lost {
	unsigned long long records[8]; /* by enum ksys_loss */
};

/* A CPU's lane: a ring of chunks in an array map that one program alone writes, the exit side of calls. Records, padded to 8
 * bytes, begin within KSYS_CHUNK bytes of a chunk and may reach beyond; the next then begins as far into the next chunk, or the one
 * behind it. Each stands behind 8 bytes: its length, and in the upper half how many bytes at its end are the rest of the call's data. */
#define KSYS_CHUNK (1 << 20)
#define KSYS_CHUNK_BYTES (KSYS_CHUNK + 65536 + 4096)
#define KSYS_LONG_CHUNK_BYTES (KSYS_CHUNK_BYTES + KSYS_MAX_DATA + 65536) /* where data is kept beyond KSYS_FIRST_DATA */
struct ksys_lane {
	unsigned long long head;     /* bytes produced */
	unsigned int chunk, at;      /* where the next record begins: an element of the map, and a byte in it */
	unsigned int first, last;    /* the CPU's elements */
	unsigned long long size;     /* bytes that may be produced and not given back */
	unsigned long long pad[4];
	unsigned long long tail;     /* bytes given back: the reader's */
	unsigned long long pad_tail[7];
};

/* bits above the kernel's own open flags */
#define OPENED_CREATED (1u << 30)
#define OPENED_UPPER (1u << 29)
#define OPENED_LOWER (1u << 28)

/* Calls that were counted: so many with this key. The key's parts are the type, then from the given bits on the errno (0: not
 * failed) and the latency's magnitude. */
struct ksys_counter {
	unsigned long long key;      /* 0: a free entry */
	unsigned long long calls;
	unsigned long long time;     /* ns, all latencies together */
};
#define COUNTER_ERROR 16
#define COUNTER_MAGNITUDE 32
#define COUNTER_TIMELESS (1ull << 62) /* latencies are not known */
#define COUNTER_USED (1ull << 63)
struct ksys_counter_table {
	struct ksys_counter counters[2][KSYS_COUNTERS];
};

/* Calls of one kind that were counted of all processes of a program in a cgroup. The key has COUNTER_USED and the type. */
struct ksys_program_counter {
	unsigned long long key;      /* 0: a free entry */
	unsigned long long cgroup;   /* its key: that of a container where the processes are in one */
	unsigned long long comm[2];  /* the name of the process; what is behind its NUL is not the name's */
	unsigned long long calls, errors;
	unsigned long long results;  /* all that are above 0 together */
	unsigned long long time;     /* ns, all latencies together */
	unsigned int latencies[KSYS_LATENCIES]; /* calls by how long they took: as src/metrics/latency-buckets.ts has it */
};
struct ksys_program_table {
	struct ksys_program_counter counters[2][KSYS_PROGRAM_COUNTERS];
};

/* How much of what the threads of a cgroup do is counted instead of recorded: only what the filter does not pass, or all */
enum { THROTTLE_NONE = 0, THROTTLE_OTHERS = 1, THROTTLE_ALL = 2 };

/* Events are limited apart by whether the filter passes them. */
enum { EVENTS_SHOWN = 0, EVENTS_OTHERS = 1, EVENT_SORTS = 2 };

/* Parts of the time of which the last KSYS_PARTS have a limit together: each is 1 << KSYS_PART_SHIFT ns long. A second touches
 * KSYS_PARTS of them at most. */
#define KSYS_PARTS 16
#define KSYS_PART_SHIFT 26

/* ns of a cgroup's share of the time that are kept for a burst while it has fewer events. */
#define KSYS_SAVED (1ull << 29)

/* What all CPUs know of a cgroup where there are ceilings; an entry is taken by the first call of one of its threads. */
struct ksys_throttle {
	unsigned long long cgroup;   /* its key; 0: a free entry */
	unsigned int how;            /* THROTTLE_*: the addon's */
	unsigned int missed;         /* something was left out that keeps threads and descriptors true; the addon clears it */
	unsigned long long full[EVENT_SORTS]; /* jiffies when a limit was last found reached: until the next one nothing is recorded */
	unsigned long long due[EVENT_SORTS];  /* CLOCK_MONOTONIC ns up to which the cgroup's share of the time is used up */
	unsigned long long parts[KSYS_PARTS]; /* by the number of a part of the time: that number << 32 | events recorded in it */
};
struct ksys_throttles {
	struct ksys_throttle entries[KSYS_THROTTLES];
	unsigned int intervals[EVENT_SORTS];  /* ns between two events of a cgroup, on average; 0: any number; ~0: none. The addon's */
	unsigned int flush[EVENT_SORTS];      /* with an interval: a CPU takes so many events of it at once, a power of two; plan.flush at most. The addon's */
};

/* What a CPU counted since the start: of each cgroup, at the place of its entry, and of the programs' cost. */
struct ksys_cgroup_calls {
	unsigned long long recorded[EVENT_SORTS];
	unsigned long long left_out[EVENT_SORTS];
};
struct ksys_ceiling_table {
	struct ksys_cgroup_calls cgroups[KSYS_THROTTLES];
	unsigned long long runs, next; /* of programs; the one whose time is taken next */
	unsigned long long timed, time; /* those whose time was taken, and ns of them all */
	unsigned long long started;  /* CLOCK_MONOTONIC ns of the one that is being timed; 0: none is */
};

/* filler operations; the op byte of a descriptor. Fixed-size ops come first, in declared order, then the variable ones. */
enum ksys_op {
	OP_END = 0,
	OP_ARG,        /* n, size */
	OP_DEREF,      /* n, size, off (c), flag: 1 onOk, 2 not of 32-bit programs */
	OP_TIMESPEC,   /* n, kept at enter (flag) */
	OP_IOVSIZE,    /* n, cnt (b) */
	OP_MSGSIZE,    /* n */
	OP_VM,         /* writes 12 bytes: vm_size vm_rss vm_swap */
	OP_DEV,        /* n (255: the returned fd) */
	OP_INO,        /* n (255: the returned fd), deref (flag) */
	OP_DEVINO,     /* both of the returned fd, 12 bytes */
	OP_STR,        /* n, flag: STR_*, which of the two paths kept at enter (b), where the address is (c) */
	OP_BUF,        /* n, len arg (b, 255: result only), onOk (flag) */
	OP_IOVEC,      /* n, cnt (b), sum (flag) */
	OP_MSGDATA,    /* n, sum (flag) */
	OP_MSGCONTROL, /* n, of a failed call too (flag) */
	OP_SOCKADDR,   /* n, len arg (b) or lenptr arg (c), 255 = none */
	OP_TUPLE,      /* n (255: the returned fd), peer arg (b, 255 none), flags: 1 msg, 2 out, 4 in */
	OP_FDLIST,     /* n, cnt (b) */
	OP_SPECIAL,    /* parameters that the call's special filler writes; b: 0 the fixed ones from `param` on, 1 variable ones */
	OP_OPENED,     /* n, deref (flag): open flags and OPENED_* */
	OP_BYTES,      /* n, at most c bytes; count (b: an argument, 254 the result, 255 none) of `size` bytes each, or without a count from size * 4 on; flag: BYTES_* */
	OP_CASE,       /* the operation that the selector, argument n and'ed with c, has in table `size`; without one nothing */
	OP_EACH,       /* n: pointers, count in argument b; `size` bytes where each points to, c bytes at most */
	OP_KEPT,       /* as they were at enter, n: which of select's three sets, or its timeout (3); with a flag the time at argument n */
};
/* Flags of OP_STR. */
enum { STR_ENTER = 1, STR_ON_OK = 2, STR_VIA = 4 /* the address lies c bytes behind the argument's */ };
/* Flags of OP_BYTES. */
enum {
	BYTES_ON_OK = 1,    /* the call wrote them: only when it succeeded */
	BYTES_NATIVE = 2,   /* lies otherwise in a 32-bit program's memory, where it is then not read */
	BYTES_BITS = 4,     /* the count is of bits */
	BYTES_ITSELF = 8,   /* the argument's own eight bytes */
	BYTES_ON_FAIL = 16, /* only when the call failed */
	BYTES_AT = 32,      /* the count is in 32 bits where its argument points to */
	BYTES_WITHIN = 64,  /* of one byte each, and not more than argument `size` says */
	BYTES_DATA = 128,   /* a buffer: cut at the snaplen */
};
struct ksys_opd {
	unsigned char op, n, size, b;
	unsigned short c;
	unsigned char flag;
	unsigned char param;         /* index for the absent mask; of OP_BYTES with SKIP_* above */
};
/* Upper bits of OP_BYTES' `param`: so many words of 8 bytes are skipped, or SKIP_VIA: the address itself lies there. */
#define SKIP_SHIFT 5
#define SKIP_VIA 7

/* desc.flags */
enum {
	DESC_STATE = 1,
	DESC_NORETURN = 2,
	DESC_FD_STR_ENTER = 4,
	DESC_ENTER = 8,              /* the enter side is looked at */
	DESC_CWD = 16,               /* success may move the working directory or the root: ks_cwd */
	DESC_CREDS = 32,             /* success may change ids or capabilities: ks_creds */
	DESC_FDS = 64,               /* success may bring descriptors that the record does not tell of: ks_fd */
	DESC_BORN = 128,             /* a child starts in this call's exit */
	DESC_TABLE = 256,            /* nothing but the table of descriptors changes: of interest where that is followed */
	DESC_UNSHARE = 512,          /* success may give the thread a table of descriptors of its own */
	DESC_PLAIN = 1024,           /* the operations are at most six OP_ARG, and with DESC_BUFFER an OP_BUF behind them */
	DESC_BUFFER = 2048,
	DESC_FDS_KIND = 12,          /* with DESC_FDS: the three bits from this one on say where they are */
	DESC_NUMBERLESS = 32768,     /* it returns without its number: its enter side is kept even where no filter passes it */
};

enum { FDS_RETURNED, FDS_MESSAGE, FDS_MESSAGES, FDS_IOCTL, FDS_CLONE /* or clone3 */, FDS_SECCOMP, FDS_URING /* its operations end with it: their own records tell */, FDS_MAPPED /* none: code of a file is mapped, ks_mmap */ };

struct ksys_desc {
	unsigned short type;         /* exit code; the enter code is type - 1 */
	unsigned short flags;
	unsigned char special;       /* 0: the table alone; else enum ksys_special */
	unsigned char nops;
	unsigned char str_enter[2];  /* what is read at enter: a path at argument n is n + 1, a timespec KEEP_TIMESPEC + n + 1, select's arguments KEEP_SELECT, KEEP_SPARED; 0: none */
	struct ksys_opd ops[KSYS_MAX_OPS];
};

/* special fillers, by the name in EventDef.special (SP_EXECVE is 'execve') */
enum ksys_special {
	SP_NONE,
	SP_EXECVE,
	SP_EXECVEAT,
	SP_CLONE,
	SP_CLONE3,
	SP_FORK,
	SP_ACCEPT,
	SP_SOCKETPAIR,
	SP_SETSOCKOPT,               /* both are 'sockopt' */
	SP_GETSOCKOPT,
	SP_PTRACE,
	SP_KEYCTL,
	SP_QUOTACTL,
	SP_CAPSET,
	SP_PRCTL,
	SP_OPEN_BY_HANDLE,
	SP_FSCONFIG,
	SP_SEMOP,
	SP_CREAT,
	SP_LLSEEK,
	SP_INIT_MODULE,
	SP_SENDMMSG,
	SP_RECVMMSG,
	SP_COUNT
};

/* types of records that the programs make themselves: CODE of src/schema/codes.ts */
enum {
	KS_BIND = 21,
	KS_LISTEN = 25,
	KS_DROP = 149,
	KS_SWITCH = 152,
	KS_PROCEXIT = 186,
	KS_SIGNAL = 232,
	KS_PAGE_FAULT = 290,
	KS_URING = 881,
	KS_OOM_KILL = 884,
	KS_FORK = 900,
	KS_EXEC = 902,
	KS_RENAME = 904,
	KS_FD = 906,
	KS_CWD = 908,
	KS_CREDS = 910,
	KS_TIMES = 912,
	KS_FDS = 914,
	KS_CGROUP = 916,
	KS_CGROUPS = 918,
	KS_PIDNS = 922,
	KS_INFLIGHT = 920,
	KS_STACK = 924,
	KS_MMAP = 926,
	KS_COUNTED = 928,
	KS_BOUND = 930,
	KS_LAST = 999
};
/* bits of `shared` in ks_fork and ks_fds: SHARED of src/schema/events/internal.ts */
enum { SHARED_FILES = 1, SHARED_FS = 2, SHARED_MM = 4, SHARED_THREAD = 8, SHARED_NONE = 16 };

/* What the filter says of an event type (struct ksys_plan.verdicts[]) */
enum { VERDICT_DROP = 0, VERDICT_PASS = 1, VERDICT_SLOT = 2 /* VERDICT_SLOT + i: slot i decides */ };

/* Calls in flight: none is reported, those that the filter may pass, all */
enum { INFLIGHT_NONE = 0, INFLIGHT_FILTERED = 1, INFLIGHT_ALL = 2 };

/* Which slots ask for a cgroup: struct ksys_plan.cgroups */
enum { CGROUPS_NONE = 0, CGROUPS_SOME = 1, CGROUPS_ALL = 2 };

/* Bits of struct ksys_plan.count */
enum {
	COUNT_CALLS = 1,             /* calls are counted by kind and result, none is recorded */
	COUNT_MAGNITUDES = 2,        /* and by how long they took */
	COUNT_AT_EXIT = 4,           /* set by the addon: no program looks at the enter side */
	COUNT_PROGRAMS = 8,          /* by kind, program and cgroup, with errors, results and latencies */
};

/* Bits of struct ksys_plan.spare: what programs never read; data of I/O also have a snaplen of 0 then */
enum { SPARE_ARGS = 1, SPARE_ENV = 2, SPARE_BUFFERS = 4 };

/* Which stacks of calls are recorded */
enum { STACK_USER = 1, STACK_KERNEL = 2 };

/* A thread's name as two words, with a mask over it and the NUL behind it: what follows is not the name's. */
struct ksys_comm {
	unsigned long long name[2], mask[2];
};

/* A conjunction of set memberships; n = 0: no condition. neg: 1 for not in the set, else 0. */
struct ksys_slot {
	unsigned char failed;        /* 0 any, 1 only failed calls, 2 only the others */
	unsigned char ncomm, npid, ntid, nuid;
	unsigned char negcomm, negpid, negtid, neguid;
	unsigned char socket;        /* the first argument is a descriptor that must be a socket */
	unsigned char cgroup;        /* the thread's cgroup must not be one that excludes the slot (`cgroup_marks`) */
	unsigned char pad[5];
	struct ksys_comm comm[KSYS_MAX_VALUES];
	unsigned int pid[KSYS_MAX_VALUES], tid[KSYS_MAX_VALUES], uid[KSYS_MAX_VALUES];
};

struct ksys_plan {
	unsigned int snaplen;        /* bytes kept of an I/O buffer; 0: none */
	unsigned int self_pid;       /* tgid left out, 0: nobody */
	unsigned int root_pid;       /* follow only this process and its descendants; 0: everybody */
	unsigned char enter;         /* emit enter records too */
	unsigned char sched_switch, page_fault, signal, procexit; /* VERDICT_* each: 0 off (procexit is then hidden) */
	unsigned char want_latency;  /* 0: nobody asks for it and the enter side may be skipped where nothing else needs it */
	unsigned char times;         /* record the threads' times: ks_times */
	unsigned char follow_all;    /* 1: everybody's descriptors are of interest; 0: those of threads that a slot may pass */
	unsigned char nslots;
	unsigned char inflight;      /* INFLIGHT_*: which calls in flight iter_calls reports */
	unsigned short cgroup_hierarchy; /* by whose cgroups containers are told apart; 0: the unified one, else the memory controller's */
	unsigned char io_uring;      /* VERDICT_*: 0 still follows the descriptors that it makes and closes */
	unsigned char count;         /* COUNT_*; needs descriptors without arguments and state */
	unsigned char cgroups;       /* CGROUPS_* */
	unsigned char direct_reads;  /* set by the addon: the kernel has bpf_rdonly_cast */
	unsigned int ring_room;      /* set by the addon: bytes of a ring that events may take, the rest is for what keeps the state true */
	unsigned char preemptible;   /* set by the addon: programs of system calls can be preempted, and can forbid it */
	unsigned char spare;         /* SPARE_* */
	unsigned char ceilings;      /* calls are counted by cgroup, and some cgroups' are left out */
	unsigned char flush;         /* with ceilings: a CPU takes so many events of a cgroup's limit at once, a power of two */
	unsigned int most_calls;     /* of a cgroup that CPUs take in KSYS_PARTS parts of the time; 0: any number */
	unsigned char stacks;        /* STACK_*: where calls that the filter passes came from */
	unsigned char oomkill;       /* VERDICT_* */
	unsigned short hierarchies[KSYS_CONTROLLERS]; /* by controller: another hierarchy that may have containers of its own, 0: none or the same again. All 0 where nobody asks for a cgroup */
	unsigned char padding[4];
	unsigned char verdicts[KSYS_MAX_NR]; /* VERDICT_* by system call number */
	struct ksys_slot slots[KSYS_MAX_SLOTS];
};

/* What an argument is for one value of another (of a selector: a command, an option). An open hash table: see `case_at`. */
struct ksys_case {
	unsigned long long word;     /* a struct ksys_opd without `param`: OP_BYTES or OP_STR */
	unsigned int value, table;   /* table 0: an empty entry */
};
#define CASE_HASH(table, value) (((value) * 0x9e3779b1u ^ (table) * 0x85ebca6bu) >> 22)

/* Both registers of such an argument are arguments of the 64-bit call as well (pos_l and pos_h of preadv): none moves, nor is a pair
 * aligned. */
#define KSYS_HALVES_IN_PLACE 64

/* The programs' configuration, set before they are loaded. */
struct ksys_config {
	unsigned long long boot_epoch;               /* CLOCK_BOOTTIME 0 in ns since the epoch */
	struct ksys_desc descs[KSYS_MAX_NR];
	struct ksys_desc enters[KSYS_MAX_NR];        /* of the enter events; only filled when wanted */
	struct ksys_case cases[KSYS_CASES];
	unsigned short compat_nr[KSYS_NATIVE_NR];       /* number of this architecture for a 32-bit call's, plus one */
	unsigned short compat_apart[KSYS_COMPAT_APART]; /* the same for functions of its socketcall, or its private calls */
	unsigned char compat_halves[KSYS_NATIVE_NR];    /* bit per argument that a 32-bit call passes in two halves, and KSYS_HALVES_IN_PLACE */
	struct ksys_plan plan;
};

/* What the snapshot's iterators write, one after the other. All ids are those of the initial pid namespace unless said. */
struct ksys_task {
	unsigned int tid, pid, ptid, vtid, vpid;
	unsigned int uid, gid, loginuid, tty, sid, pgid, vpgid;
	unsigned int vm_size, vm_rss, vm_swap; /* KiB */
	unsigned int shared;         /* SHARED_FILES, SHARED_FS: with the main thread */
	unsigned int exe_flags;      /* 1 writable, 2 overlayfs upper layer, 4 memfd, 8 lower layer */
	unsigned int kernel;         /* a kernel thread */
	unsigned long long start;    /* CLOCK_BOOTTIME ns */
	unsigned long long fdlimit, pgft_maj, pgft_min;
	unsigned long long cap_inheritable, cap_permitted, cap_effective;
	unsigned long long exe_ino, exe_ctime, exe_mtime;
	unsigned long long pidns_start; /* of its pid namespace's first process, ns since the epoch */
	char comm[16];
};

/* What else there is to know of a process; `len` bytes follow. Its directories and program: paths as ksys sees them. */
enum ksys_procinfo_kind { PROCINFO_CWD, PROCINFO_ROOT, PROCINFO_EXE, PROCINFO_ENV };
struct ksys_procinfo {
	unsigned int tid, kind, len;
};
/* Where the kernel maps all memory: iter_procinfo finds the offset by 32 random bytes of the process that reads it. */
struct ksys_direct_map {
	unsigned long long sample;   /* their address, set by the addon */
	unsigned int page_shift;     /* set by the addon */
	unsigned int tries;
	unsigned long long offset;   /* to add to physical addresses; 0: not known */
};
#define KSYS_MAX_ARGS 4095 /* bytes that an exec's or clone's record has of a command line, and of an environment */
#define KSYS_MAX_PROC_FILE (256 << 10) /* bytes of a file of /proc: command lines and environments of the snapshot */
#define KSYS_MAX_ENV 16384 /* bytes of an environment; one process's records must fit into the kernel's 32 KB */

struct ksys_file {
	unsigned int size;           /* of this record with its path, a multiple of 8 */
	unsigned int tid, pid, fd;   /* tid: the thread that the table was read from */
	unsigned int mode, dev, flags;
	unsigned short family, type, proto, state; /* sockets */
	unsigned short lport, rport; /* host order */
	unsigned short path_len, sun_len; /* path (or anon inode name), then sun_path, follow */
	unsigned int netns;          /* inode of a socket's network namespace */
	unsigned long long ino, sk, peer;
	unsigned char lip[16], rip[16];
};

#endif
