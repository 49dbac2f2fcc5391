/* Definitions shared by the BPF programs, the addon and src/schema/descriptors.ts. Plain C.
 * Record: header, then the row exactly as EventBatch's arena stores it (src/model/batch.ts). */
#ifndef KSYS_ABI_H
#define KSYS_ABI_H

#define KSYS_MAX_NR 1024    /* system call numbers, including those assigned to calls that only 32-bit programs have */
#define KSYS_NATIVE_NR 512  /* the kernel's own numbers are below */
#define KSYS_UNKNOWN_NR 575 /* represents all numbers that no known call has */
#define KSYS_COMPAT_APART 32 /* functions of i386's socketcall, private calls of ARM */
#define KSYS_MAX_OPS 9      /* filler operations of one call */
#define KSYS_MOST_EMPTY 160 /* bytes of the absent parameters of one operation */
#define KSYS_CASES 1024     /* entries for cases, a power of two */
#define KSYS_CASE_PROBES 16 /* entries in which a case may be stored */
#define KSYS_MAX_SLOTS 16   /* residual kernel filters */
#define KSYS_MAX_VALUES 8   /* values of one set in a slot */
#define KSYS_CGROUPS 32768    /* entries for cgroups with marks, a power of two */
/* Marks of a cgroup, stored after its key in the entry: a bit for each slot that no thread in it can fulfil, and one if it
 * is a container's. */
#define KSYS_CGROUP_CONTAINER (1u << KSYS_MAX_SLOTS)
#define KSYS_CGROUP_MARKS (KSYS_MAX_SLOTS + 1)
#define KSYS_CONTROLLERS 5    /* controllers whose cgroups are recorded of a thread: CGROUP_LIST of bpf/kernel.h */
/* Key of a cgroup of one of the other hierarchies in which containers may be: numbers of cgroups are unique only in their
 * hierarchy. which: 1 + the hierarchy's index in `ksys_plan.hierarchies`, 0: it is in `cgroup_hierarchy`. */
#define KSYS_CGROUP_KEY(id, which) ((id) | (unsigned long long)(which) << 44)
/* Index of its entry: the root cgroups of all hierarchies have the same number. */
#define KSYS_CGROUP_ENTRY(key) (((key) ^ (key) >> 32) & (KSYS_CGROUPS - 1))

/* The marks of cgroups by KSYS_CGROUP_ENTRY of their keys: the key, and its marks. A cgroup that is not in the table has none. */
struct ksys_cgroup_table {
	unsigned long long marks[KSYS_CGROUPS]; /* written by the addon */
	unsigned int changes; /* of marks, and of the cgroups of threads */
};

/* Threads whose slots with a condition on the process are judged in user space (bpf/judged.h): entries for threads, and for
 * requests to judge one; powers of two. */
#define KSYS_JUDGED 16384
#define KSYS_REQUESTS 4096
/* A judgement begins with its request: 48 bits that identify the thread among those of its entry, and the time. Never 0. */
#define KSYS_REQUEST_ID(tid, time) \
	(1ull << 47 | ((tid) / KSYS_JUDGED & 255ull) << 39 | ((time) & ((1ull << 39) - 1)))
/* Whether a request is that of this thread, or of another entry's thread with equal bits, which cannot be in this entry. */
#define KSYS_REQUEST_OF(id, tid) ((id) >> 39 == (1ull << 8 | ((tid) / KSYS_JUDGED & 255ull)))
struct ksys_judged {
	unsigned long long request;   /* set by the programs; 0: none, or the thread has changed since */
	unsigned long long judgement; /* set by the addon: the request << 16, and a bit for each slot that the thread cannot fulfil */
	unsigned long long time;      /* of the request */
	unsigned long long pad;
};
struct ksys_request {
	unsigned long long time;      /* CLOCK_BOOTTIME ns */
	unsigned long long tid;
	unsigned long long number;    /* of the request, from 1 on; written last */
};
struct ksys_judgements {
	struct ksys_judged entries[KSYS_JUDGED];
	struct ksys_request requests[KSYS_REQUESTS];
	unsigned long long requested; /* number of requests */
	unsigned long long moved;     /* requests before this time are void: ancestors or cgroups of a thread may have changed */
};
#define KSYS_THROTTLES 4096   /* entries for cgroups whose calls are counted, a power of two; the last one is shared by all that get no entry */
#define KEEP_TIMESPEC 8
#define KEEP_SELECT 16
#define KEEP_SPARED 17 /* whether the descriptor at argument 0 is a file whose content must not be recorded */
#define SELECT_SET 128      /* bytes that are saved of one of select's sets */
#define TIMESPEC_BYTES 16
#define KSYS_MAX_ROW 65000  /* bytes of one row, without the rest of its data */
#define KSYS_FIRST_DATA 60000 /* maximum bytes of a call's data within its row; further bytes follow the row */
#define KSYS_MAX_DATA (1 << 20) /* maximum bytes of data recorded of one call */
#define KSYS_COUNTERS 4096  /* entries of one side of a CPU's table of counted calls, a power of two */
#define KSYS_PROGRAM_COUNTERS 1024 /* the same for calls that are counted by program */
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

/* Follows the row of a record with ROW_STACK: words of the program, then of the kernel, and at the end this structure. The
 * words are return addresses, innermost first. The addon removes them and stores the number (4 bytes) of the stack instead,
 * which a ks_stack record describes. */
#define KSYS_ENDED_BY 4000 /* the result of a call that a signal ended before it ran is -(this + the signal) */
#define KSYS_FIRST_CODE (~0ull) /* an offset of ks_mmap: that of the file's first code segment, wherever that is */
#define KSYS_FRAMES 127      /* return addresses of one stack */
struct ksys_stack {
	unsigned short row;          /* bytes of the row only */
	unsigned short users;        /* words of the program */
	unsigned short callers;      /* the last words are this many pairs: a return address found on the stack, and the target of its call */
	unsigned short kernels;      /* words of the kernel */
};

/* Kinds of lost records; LOSSES of src/schema/losses.ts is in this order. For the first four the ring buffer or the lane was full. */
enum ksys_loss {
	LOST_CALL,                   /* a call's one record */
	LOST_ENTER,                  /* the enter event of one */
	LOST_OTHER,                  /* another event: a switch, a page fault, a signal, an exit, an operation of io_uring */
	LOST_STATE,                  /* never shown, keeps threads and descriptors correct */
	LOST_SKIPPED,                /* upper limit: calls for which the kernel did not run a program, as another thread was in it */
	LOST_DATA,                   /* no record: a call was recorded, but the lane had no space for its data beyond KSYS_FIRST_DATA */
	LOST_KINDS
};

/* records lost, a cache line for each CPU */
struct ksys_lost {
	unsigned long long records[8]; /* by enum ksys_loss */
};

/* A CPU's lane: a circular buffer of chunks in an array map, written only by the exit side of calls. Records, padded to 8
 * bytes, start within KSYS_CHUNK bytes of a chunk and may extend beyond; the next record then starts as far into the next
 * chunk, or the one after it. Each is preceded by 8 bytes: its length, and in the upper half the number of bytes at its end
 * that are the rest of the call's data. */
#define KSYS_CHUNK (1 << 20)
#define KSYS_CHUNK_BYTES (KSYS_CHUNK + 65536 + 4096)
#define KSYS_LONG_CHUNK_BYTES (KSYS_CHUNK_BYTES + KSYS_MAX_DATA + 65536) /* if data beyond KSYS_FIRST_DATA is recorded */
struct ksys_lane {
	unsigned long long head;     /* bytes produced */
	unsigned int chunk, at;      /* where the next record starts: an element of the map, and a byte in it */
	unsigned int first, last;    /* the CPU's elements */
	unsigned long long size;     /* bytes that may be produced and not yet consumed */
	unsigned long long pad[4];
	unsigned long long tail;     /* bytes consumed: written by the reader */
	unsigned long long pad_tail[7];
};

/* bits above the kernel's own open flags */
#define OPENED_CREATED (1u << 30)
#define OPENED_UPPER (1u << 29)
#define OPENED_LOWER (1u << 28)

/* Calls that were counted: their number, by key. The key consists of the type, and above it, from the given bits on, the
 * errno (0: success) and the latency's magnitude. */
struct ksys_counter {
	unsigned long long key;      /* 0: a free entry */
	unsigned long long calls;
	unsigned long long time;     /* ns, sum of all latencies */
};
#define COUNTER_ERROR 16
#define COUNTER_MAGNITUDE 32
#define COUNTER_TIMELESS (1ull << 62) /* latencies are not known */
#define COUNTER_USED (1ull << 63)
struct ksys_counter_table {
	struct ksys_counter counters[2][KSYS_COUNTERS];
};

/* Calls of one type that were counted for all processes of a program in a cgroup. The key has COUNTER_USED and the type. */
struct ksys_program_counter {
	unsigned long long key;      /* 0: a free entry */
	unsigned long long cgroup;   /* its key: the container's cgroup if the processes are in a container */
	unsigned long long comm[2];  /* the name of the process; bytes after its NUL are undefined */
	unsigned long long calls, errors;
	unsigned long long results;  /* sum of all results above 0 */
	unsigned long long time;     /* ns, sum of all latencies */
	unsigned int latencies[KSYS_LATENCIES]; /* calls by latency: as in src/metrics/latency-buckets.ts */
};
struct ksys_program_table {
	struct ksys_program_counter counters[2][KSYS_PROGRAM_COUNTERS];
};

/* Which events of a cgroup's threads are counted instead of recorded: only those that the filter does not pass, or all */
enum { THROTTLE_NONE = 0, THROTTLE_OTHERS = 1, THROTTLE_ALL = 2 };

/* Events that the filter passes and the others have separate limits. */
enum { EVENTS_SHOWN = 0, EVENTS_OTHERS = 1, EVENT_SORTS = 2 };

/* Time slices of which the last KSYS_PARTS have a common limit: each is 1 << KSYS_PART_SHIFT ns long. A second touches at
 * most KSYS_PARTS of them. */
#define KSYS_PARTS 16
#define KSYS_PART_SHIFT 26

/* ns of its share of the time that a cgroup can save for a burst while it has fewer events. */
#define KSYS_SAVED (1ull << 29)

/* State of a cgroup that all CPUs share if there are ceilings; an entry is taken by the first call of one of its threads. */
struct ksys_throttle {
	unsigned long long cgroup;   /* its key; 0: a free entry */
	unsigned int how;            /* THROTTLE_*: written by the addon */
	unsigned int missed;         /* a dropped record would have kept threads and descriptors correct; the addon clears it */
	unsigned long long full[EVENT_SORTS]; /* jiffies when a limit was last found reached: nothing is recorded until the next tick */
	unsigned long long due[EVENT_SORTS];  /* CLOCK_MONOTONIC ns up to which the cgroup's share of the time is used up */
	unsigned long long parts[KSYS_PARTS]; /* by the number of a time slice: that number << 32 | events recorded in it */
};
struct ksys_throttles {
	struct ksys_throttle entries[KSYS_THROTTLES];
	unsigned int intervals[EVENT_SORTS];  /* ns between two events of a cgroup, on average; 0: unlimited; ~0: none. Written by the addon */
	unsigned int flush[EVENT_SORTS];      /* with an interval: number of its events that a CPU takes at once, a power of two; plan.flush at most. Written by the addon */
};

/* Counters of one CPU since the start: of each cgroup, at the index of its entry, and of the programs' cost. */
struct ksys_cgroup_calls {
	unsigned long long recorded[EVENT_SORTS];
	unsigned long long left_out[EVENT_SORTS];
};
struct ksys_ceiling_table {
	struct ksys_cgroup_calls cgroups[KSYS_THROTTLES];
	unsigned long long runs, next; /* of programs; the run that is timed next */
	unsigned long long timed, time; /* runs that were timed, and the sum of their ns */
	unsigned long long started;  /* CLOCK_MONOTONIC ns of the run that is being timed; 0: none */
};

/* Filler operations; the op byte of a descriptor. Fixed-size operations come first, in declared order, then the variable ones. */
enum ksys_op {
	OP_END = 0,
	OP_ARG,        /* n, size */
	OP_DEREF,      /* n, size, off (c), flag: 1 onOk, 2 not for 32-bit programs */
	OP_TIMESPEC,   /* n, saved at enter (flag) */
	OP_IOVSIZE,    /* n, cnt (b) */
	OP_MSGSIZE,    /* n */
	OP_VM,         /* writes 12 bytes: vm_size vm_rss vm_swap */
	OP_DEV,        /* n (255: the returned fd) */
	OP_INO,        /* n (255: the returned fd), deref (flag) */
	OP_DEVINO,     /* both of the returned fd, 12 bytes */
	OP_STR,        /* n, flag: STR_*, which of the two paths saved at enter (b), offset of the address (c) */
	OP_BUF,        /* n, len arg (b, 255: result only), onOk (flag) */
	OP_IOVEC,      /* n, cnt (b), sum (flag) */
	OP_MSGDATA,    /* n, sum (flag) */
	OP_MSGCONTROL, /* n, also for a failed call (flag) */
	OP_SOCKADDR,   /* n, len arg (b) or lenptr arg (c), 255 = none */
	OP_TUPLE,      /* n (255: the returned fd), peer arg (b, 255 none), flags: 1 msg, 2 out, 4 in */
	OP_FDLIST,     /* n, cnt (b) */
	OP_SPECIAL,    /* parameters that the call's special filler writes; b: 0 the fixed ones from `param` on, 1 variable ones */
	OP_OPENED,     /* n, deref (flag): open flags and OPENED_* */
	OP_BYTES,      /* n, at most c bytes; count (b: an argument, 254 the result, 255 none) of `size` bytes each, or without a count from size * 4 on; flag: BYTES_* */
	OP_CASE,       /* the operation of table `size` for the selector, argument n masked by c; without an entry none */
	OP_EACH,       /* n: pointers, count in argument b; `size` bytes at each pointer, c bytes at most */
	OP_KEPT,       /* as at enter, n: one of select's three sets, or its timeout (3); with a flag the time at argument n */
};
/* Flags of OP_STR. */
enum { STR_ENTER = 1, STR_ON_OK = 2, STR_VIA = 4 /* the address is stored c bytes after the argument's */ };
/* Flags of OP_BYTES. */
enum {
	BYTES_ON_OK = 1,    /* written by the call: only if it succeeded */
	BYTES_NATIVE = 2,   /* has another layout in a 32-bit program's memory, where it is not read */
	BYTES_BITS = 4,     /* the count is in bits */
	BYTES_ITSELF = 8,   /* the argument's own eight bytes */
	BYTES_ON_FAIL = 16, /* only if the call failed */
	BYTES_AT = 32,      /* the count is 32 bits in memory at the argument */
	BYTES_WITHIN = 64,  /* elements of one byte, at most as many as argument `size` */
	BYTES_DATA = 128,   /* a buffer: truncated at the snaplen */
};
struct ksys_opd {
	unsigned char op, n, size, b;
	unsigned short c;
	unsigned char flag;
	unsigned char param;         /* index for the absent mask; of OP_BYTES with SKIP_* above */
};
/* Upper bits of OP_BYTES' `param`: number of 8-byte words to skip, or SKIP_VIA: the address itself is stored there. */
#define SKIP_SHIFT 5
#define SKIP_VIA 7

/* desc.flags */
enum {
	DESC_STATE = 1,
	DESC_NORETURN = 2,
	DESC_FD_STR_ENTER = 4,
	DESC_ENTER = 8,              /* the enter side handles it */
	DESC_CWD = 16,               /* success may move the working directory or the root: ks_cwd */
	DESC_CREDS = 32,             /* success may change ids or capabilities: ks_creds */
	DESC_FDS = 64,               /* success may deliver descriptors that the record does not contain: ks_fd */
	DESC_BORN = 128,             /* a child starts in this call's exit */
	DESC_TABLE = 256,            /* only the descriptor table changes: relevant if that is followed */
	DESC_UNSHARE = 512,          /* success may give the thread a descriptor table of its own */
	DESC_PLAIN = 1024,           /* the operations are at most six OP_ARG, and with DESC_BUFFER an OP_BUF after them */
	DESC_BUFFER = 2048,
	DESC_FDS_KIND = 12,          /* with DESC_FDS: the three bits from this one on are FDS_*, where the descriptors are */
	DESC_NUMBERLESS = 32768,     /* returns without its number: its enter side is stored even if no filter passes it */
};

enum { FDS_RETURNED, FDS_MESSAGE, FDS_MESSAGES, FDS_IOCTL, FDS_CLONE /* or clone3 */, FDS_SECCOMP, FDS_URING /* its operations end with it, and have their own records */, FDS_MAPPED /* no descriptor: code of a file is mapped, ks_mmap */ };

struct ksys_desc {
	unsigned short type;         /* exit code; the enter code is type - 1 */
	unsigned short flags;
	unsigned char special;       /* 0: the operations alone; else enum ksys_special */
	unsigned char nops;
	unsigned char str_enter[2];  /* what is read at enter: a path at argument n is n + 1, a timespec KEEP_TIMESPEC + n + 1, select's arguments KEEP_SELECT, KEEP_SPARED; 0: nothing */
	unsigned char empty[16];     /* bytes that each operation writes if its parameters are absent; the operations must be aligned */
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

/* types of records that the programs create themselves: CODE of src/schema/codes.ts */
enum {
	KS_BIND = 21,
	KS_EXECVE = 293,
	KS_EXECVEAT = 331,
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

/* Filter verdicts on an event type (struct ksys_plan.verdicts[]) */
enum { VERDICT_DROP = 0, VERDICT_PASS = 1, VERDICT_SLOT = 2 /* VERDICT_SLOT + i: slot i decides */ };

/* Calls in flight: none is reported, those that the filter may pass, or all */
enum { INFLIGHT_NONE = 0, INFLIGHT_FILTERED = 1, INFLIGHT_ALL = 2 };

/* Which slots test for a cgroup: struct ksys_plan.cgroups */
enum { CGROUPS_NONE = 0, CGROUPS_SOME = 1, CGROUPS_ALL = 2 };

/* What conditions on processes depend on: nothing, the thread itself, also its ancestors and its cgroup */
enum { JUDGES_NOTHING = 0, JUDGES_THREADS = 1, JUDGES_LINEAGE = 2 };

/* Bits of struct ksys_plan.count */
enum {
	COUNT_CALLS = 1,             /* calls are counted by type and result, none is recorded */
	COUNT_MAGNITUDES = 2,        /* and by latency */
	COUNT_AT_EXIT = 4,           /* set by the addon: no program handles the enter side */
	COUNT_PROGRAMS = 8,          /* by type, program and cgroup, with errors, results and latencies */
};

/* Bits of struct ksys_plan.spare: what programs must not read; the snaplen of I/O data is then also 0 */
enum { SPARE_ARGS = 1, SPARE_ENV = 2, SPARE_BUFFERS = 4 };

/* What the kernel's functions are at which programs run for single calls: a call's own; that which consults seccomp, whose result is -1 or, by
 * its newer name, false if the call is not performed; and that in which a thread stops for its tracer */
enum { HOOK_CALL = 0, HOOK_SECCOMP = 1, HOOK_STOP = 2, HOOK_PERMIT = 3 };

/* With programs at single calls: calls that began before. */
struct ksys_begun_before {
	unsigned int calls;          /* threads that are in such a call */
	unsigned int attached;       /* the tracepoint of all calls' ends has a program, which records their ends. Written by the addon */
};

/* Which stacks of calls are recorded */
enum { STACK_USER = 1, STACK_KERNEL = 2 };

/* Calls that move data of the socket in their first argument, which may be a name lookup: bits, and above them the number of the
 * argument that has the address of an unconnected socket's remote end (0: none). */
enum { KSYS_LOOKUP_DATA = 1, KSYS_LOOKUP_MESSAGE = 2 /* the address is in a message header */ };
#define KSYS_LOOKUP_PEER 2

/* A thread's name as two words, with a mask over the name and its NUL: the bytes after it are undefined. */
struct ksys_comm {
	unsigned long long name[2], mask[2];
};

/* Kinds of descriptors that a slot can require: bits. A call that sends with MSG_FASTOPEN connects a stream socket. */
enum ksys_kind { KIND_OTHER = 1, KIND_SOCKET = 2, KIND_DATAGRAM = 4, KIND_STREAM = 8, KIND_CONNECTING = 16 };

/* A conjunction of set memberships; n = 0: no condition. neg: 1 for not in the set, else 0. */
struct ksys_slot {
	unsigned char failed;        /* 0 any, 1 only failed calls, 2 only successful calls */
	unsigned char ncomm, npid, ntid, nuid;
	unsigned char negcomm, negpid, negtid, neguid;
	unsigned char kinds;         /* the first argument is a descriptor of one of these kinds: KIND_*; 0: any argument */
	unsigned char cgroup;        /* the thread's cgroup must not exclude the slot (`ksys_cgroup_table`) */
	unsigned char process;       /* the thread must not be judged unable to fulfil the slot (`judgements`) */
	unsigned char pad[4];
	struct ksys_comm comm[KSYS_MAX_VALUES];
	unsigned int pid[KSYS_MAX_VALUES], tid[KSYS_MAX_VALUES], uid[KSYS_MAX_VALUES];
};

struct ksys_plan {
	unsigned int snaplen;        /* bytes recorded of an I/O buffer; 0: none */
	unsigned int self_pid;       /* tgid that is not recorded, 0: none */
	unsigned int root_pid;       /* follow only this process and its descendants; 0: all */
	unsigned char enter;         /* emit enter records too */
	unsigned char sched_switch, page_fault, signal, procexit; /* VERDICT_* each: 0 off (procexit is then hidden) */
	unsigned char want_latency;  /* 0: not needed, and the enter side may be skipped if nothing else needs it */
	unsigned char times;         /* record the threads' times: ks_times */
	unsigned char follow_all;    /* 1: all descriptors are followed; 0: those of threads that a slot may pass */
	unsigned char nslots;
	unsigned char inflight;      /* INFLIGHT_*: which calls in flight iter_calls reports */
	unsigned short cgroup_hierarchy; /* the hierarchy that distinguishes containers; 0: the unified one, else the memory controller's */
	unsigned char io_uring;      /* VERDICT_*: with 0 the descriptors that it creates and closes are still followed */
	unsigned char count;         /* COUNT_*; needs descriptors without arguments and state */
	unsigned char cgroups;       /* CGROUPS_* */
	unsigned char direct_reads;  /* set by the addon: the kernel has bpf_rdonly_cast */
	unsigned int ring_room;      /* set by the addon: bytes of a ring buffer that events may use, the rest is for records that keep the state correct */
	unsigned char preemptible;   /* set by the addon: programs of system calls can be preempted, and can disable it */
	unsigned char spare;         /* SPARE_* */
	unsigned char ceilings;      /* calls are counted by cgroup, and those of some cgroups are dropped */
	unsigned char flush;         /* with ceilings: number of events of a cgroup's limit that a CPU takes at once, a power of two */
	unsigned int most_calls;     /* of a cgroup in KSYS_PARTS time slices; 0: unlimited */
	unsigned char stacks;        /* STACK_*: stacks of calls that the filter passes */
	unsigned char oomkill;       /* VERDICT_* */
	unsigned short hierarchies[KSYS_CONTROLLERS]; /* by controller: another hierarchy that may have containers of its own, 0: none or a repeated one. All 0 if no slot tests for a cgroup */
	unsigned char judges;        /* a slot has a condition on the process: JUDGES_* */
	unsigned char by_call;       /* set by the addon: programs run at the functions of the wanted calls, not at the tracepoints of all */
	unsigned short lookups;      /* bytes recorded of the data of each call of a name lookup, whatever the filter passes; 0: not wanted */
	unsigned char verdicts[KSYS_MAX_NR]; /* VERDICT_* by system call number */
	unsigned char lookup_calls[KSYS_MAX_NR]; /* by system call number: KSYS_LOOKUP_*; 0: it cannot be part of a name lookup */
	struct ksys_slot slots[KSYS_MAX_SLOTS];
};

/* The operation for an argument, by the value of another (of a selector: a command, an option). An open hash table: see `case_at`. */
struct ksys_case {
	unsigned long long word;     /* a struct ksys_opd without `param`: OP_BYTES or OP_STR */
	unsigned int value, table;   /* table 0: an empty entry */
};
#define CASE_HASH(table, value) (((value) * 0x9e3779b1u ^ (table) * 0x85ebca6bu) >> 22)

/* Both registers of such an argument are arguments of the 64-bit call as well (pos_l and pos_h of preadv): none is shifted,
 * and pairs are not aligned. */
#define KSYS_HALVES_IN_PLACE 64

/* The programs' configuration, set before they are loaded. */
struct ksys_config {
	unsigned long long boot_epoch;               /* CLOCK_BOOTTIME 0 in ns since the epoch */
	struct ksys_desc descs[KSYS_MAX_NR];
	struct ksys_desc enters[KSYS_MAX_NR];        /* of the enter events; only filled if they are recorded */
	struct ksys_case cases[KSYS_CASES];
	unsigned short compat_nr[KSYS_NATIVE_NR];       /* number of this architecture for a 32-bit call's, plus one */
	unsigned short compat_apart[KSYS_COMPAT_APART]; /* the same for functions of its socketcall, or its private calls */
	unsigned char compat_halves[KSYS_NATIVE_NR];    /* bit per argument that a 32-bit call passes in two halves, and KSYS_HALVES_IN_PLACE */
	struct ksys_plan plan;
};

/* What the snapshot's iterators write, in sequence. All ids are those of the initial pid namespace unless stated otherwise. */
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

/* Further properties of a process; `len` bytes follow. Its directories and program: paths as ksys sees them. */
enum ksys_procinfo_kind { PROCINFO_CWD, PROCINFO_ROOT, PROCINFO_EXE, PROCINFO_ENV };
struct ksys_procinfo {
	unsigned int tid, kind, len;
};
/* The kernel's direct map of all memory: iter_procinfo finds its offset by searching 32 random bytes of the reading process. */
struct ksys_direct_map {
	unsigned long long sample;   /* their address, set by the addon */
	unsigned int page_shift;     /* set by the addon */
	unsigned int tries;
	unsigned long long offset;   /* to add to physical addresses; 0: not known */
};
#define KSYS_MAX_ARGS 4095 /* maximum bytes of a command line, and of an environment, in an exec's or clone's record */
#define KSYS_MAX_PROC_FILE (256 << 10) /* maximum bytes of a file of /proc: command lines and environments of the snapshot */
#define KSYS_MAX_ENV 16384 /* maximum bytes of an environment; one process's records must fit into the kernel's 32 KB */

struct ksys_file {
	unsigned int size;           /* of this record with its path, a multiple of 8 */
	unsigned int tid, pid, fd;   /* tid: the thread that the table was read from */
	unsigned int mode, dev, flags;
	unsigned short family, type, proto, state; /* sockets */
	unsigned short lport, rport; /* host order */
	unsigned short path_len, sun_len; /* path (or anon inode name) and sun_path follow */
	unsigned int netns;          /* inode of a socket's network namespace */
	unsigned long long ino, sk, peer;
	unsigned char lip[16], rip[16];
};

#endif
