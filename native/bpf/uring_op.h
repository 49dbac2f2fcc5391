/* State of an operation of io_uring from its submission to its end: by the address of its request, which the end identifies.
 * A submitted request has been prepared: it contains its operation. */
#ifndef KSYS_URING_OP_H
#define KSYS_URING_OP_H

#include "follow.h"
#include "kernel_uring.h"
#include "throttle.h"

/* Flags of the submission, which are the lowest of the request's flags. */
#define URING_FIXED_FILE 1 /* the file is one of those registered with the ring */
#define URING_CQE_SKIP 64  /* success posts no completion */

#define URING_CANCEL_FD 2
#define URING_CANCEL_FIXED 8
#define URING_RECV_MULTISHOT 2
#define URING_FD_IN_FIXED (1u << 31)

enum {
	URING_RECVMSG = 10,
	URING_TIMEOUT = 11,
	URING_ACCEPT = 13,
	URING_CANCEL = 14,
	URING_OPENAT = 18,
	URING_CLOSE = 19,
	URING_STATX = 21,
	URING_OPENAT2 = 28,
	URING_SPLICE = 30,
	URING_TEE = 33,
	URING_RENAMEAT = 35,
	URING_UNLINKAT = 36,
	URING_MKDIRAT = 37,
	URING_SYMLINKAT = 38,
	URING_LINKAT = 39,
	URING_SETXATTR = 42,
	URING_GETXATTR = 44,
	URING_SOCKET = 45,
	URING_CMD = 46,
	URING_INSTALL = 54,
	URING_PIPE = 62,
};

/* Whether the operation's `fd` is a descriptor or the index of a registered file. */
enum { FD_IF_FILE, FD_GIVEN, FD_NONE };

/* The descriptors that a success creates. */
enum { MAKES_NONE, MAKES_RESULT, MAKES_PIPE, MAKES_PASSED, MAKES_PASSED_MULTISHOT };

struct uring_op {
	u64 time, user_data, ring;
	u64 older, newer; /* others with this user_data: see uring_twins.h */
	u64 woken;        /* when its file was last ready, if that is tracked; 0: never */
	u64 memory;       /* user memory: the two ends of a pipe, or a message's header */
	u32 tid, pid, index;
	s32 fd;
	s32 dirs[2];      /* the directories that its paths are relative to */
	s32 fd_in;        /* the source, if `copies`; `fd` is the target */
	u8 opcode, sqe_flags, hidden, fd_kind, makes, named, watched, copies;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536); /* set before load (capture/table_sizes.cc) */
	__type(key, u64);
	__type(value, struct uring_op);
} uring_ops SEC(".maps");

/* Whether the kernel's requests have the layout that is read here. Programs of system calls contain such code on every
 * kernel, and the verifier skips unreachable code. */
#define HAS_REQUESTS \
	(bpf_core_field_exists(((struct io_kiocb *)0)->cqe.res) && bpf_core_field_exists(((struct io_kiocb *)0)->comp_list) && \
	 bpf_core_field_exists(((struct io_ring_ctx *)0)->submit_state.free_list))

/* The known facts of an operation's end. */
struct uring_end {
	u64 req;
	s32 res;
	u32 cqe_flags, absent;
	u32 again; /* a multishot operation continues */
	s32 fds[2]; /* of a pipe */
	u64 call_time; /* of the call that the process was in */
	u32 call_compat, pad;
};

/* An operation's paths, and the directories that they are relative to. */
struct uring_names {
	u64 first, second;
	s32 dirs[2];
};

/* Position in an iteration over a list of free requests, and its start; `left`: number of operations that may be found,
 * `all`: others, too; `kept`: whether some were found that another iteration has to handle. */
struct look {
	u64 node, first, top, ring, began;
	u32 left, all, kept, pad;
};

/* A search for the request of a completion. */
struct search {
	u64 ring, user_data, req; /* req: of those not compared yet, the one that was submitted last */
	u64 first, running, woken, idle;
	u32 idles, others, opcodes; /* others: whether some use another file; opcodes: whether their operations differ */
	s32 fd;
	u8 opcode, pad[7];
};

/* Per-CPU work space: an operation that is being stored or was removed, its names, an end, an iteration, a search. On the stack, the
 * verifier would check each combination of what a search has found. */
struct uring_work {
	struct uring_op op;
	struct uring_names names;
	struct uring_end end;
	struct look look;
	struct search search;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct uring_work);
} uring_works SEC(".maps");

static __always_inline struct uring_work *uring_work(void)
{
	u32 zero = 0;
	return bpf_map_lookup_elem(&uring_works, &zero);
}

/* A member of an operation's part of its request; 0 if the kernel lacks it. */
#define OP_MEMBER(req, type, member) \
	(bpf_core_field_exists(((struct type *)0)->member) ? BPF_CORE_READ((struct type *)(req), member) : 0)

/* The slot among the registered files that the operation fills, plus one; 0: it creates a descriptor. */
static __always_inline u32 file_slot(void *req, u8 opcode)
{
	switch (opcode) {
	case URING_ACCEPT:
		return OP_MEMBER(req, io_accept, file_slot);
	case URING_SOCKET:
		return OP_MEMBER(req, io_socket, file_slot);
	case URING_PIPE:
		return OP_MEMBER(req, io_pipe, file_slot);
	case URING_OPENAT:
	case URING_OPENAT2:
		return OP_MEMBER(req, io_open, file_slot);
	case URING_CLOSE:
		return OP_MEMBER(req, io_close, file_slot);
	}
	return 0;
}

static __always_inline u8 made_by(void *req, u8 opcode)
{
	switch (opcode) {
	case URING_ACCEPT:
	case URING_SOCKET:
	case URING_OPENAT:
	case URING_OPENAT2:
		return file_slot(req, opcode) ? MAKES_NONE : MAKES_RESULT;
	case URING_INSTALL:
		return MAKES_RESULT;
	case URING_PIPE:
		return file_slot(req, opcode) ? MAKES_NONE : MAKES_PIPE;
	case URING_RECVMSG:
		return OP_MEMBER(req, io_sr_msg, flags) & URING_RECV_MULTISHOT ? MAKES_PASSED_MULTISHOT : MAKES_PASSED;
	}
	return MAKES_NONE;
}

/* What the request itself contains at any time. */
static __always_inline void describe(struct uring_op *op, struct io_kiocb *req)
{
	u32 slot;
	op->opcode = BPF_CORE_READ(req, opcode);
	bpf_probe_read_kernel(&op->sqe_flags, 1, (void *)req + bpf_core_field_offset(struct io_kiocb, flags));
	op->ring = (u64)BPF_CORE_READ(req, ctx);
	op->makes = made_by(req, op->opcode);
	if (op->makes == MAKES_PIPE)
		op->memory = (u64)OP_MEMBER(req, io_pipe, fds);
	else if (op->makes == MAKES_PASSED)
		op->memory = (u64)OP_MEMBER(req, io_sr_msg, umsg);
	if (op->opcode == URING_CLOSE) {
		slot = file_slot(req, URING_CLOSE);
		op->fd_kind = FD_GIVEN;
		op->fd = BPF_CORE_READ((struct io_close *)req, fd);
		if (slot) {
			op->index = slot - 1;
			op->sqe_flags |= URING_FIXED_FILE;
		}
	} else if (op->opcode == URING_CANCEL) {
		slot = OP_MEMBER(req, io_cancel, flags);
		op->fd_kind = slot & URING_CANCEL_FD ? FD_GIVEN : FD_NONE;
		op->fd = OP_MEMBER(req, io_cancel, fd);
		op->index = op->fd;
		if (slot & URING_CANCEL_FIXED)
			op->sqe_flags |= URING_FIXED_FILE;
	} else if (op->opcode == URING_SPLICE || op->opcode == URING_TEE) {
		op->copies = bpf_core_field_exists(((struct io_splice *)0)->splice_fd_in) &&
			     !(OP_MEMBER(req, io_splice, flags) & URING_FD_IN_FIXED);
		op->fd_in = OP_MEMBER(req, io_splice, splice_fd_in);
	}
}

/* The verifier does not accept a pointer that it knows as a number. */
static __always_inline u64 number_of(const void *p)
{
	u64 n = 0;
	bpf_probe_read_kernel(&n, sizeof(n), &p);
	return n;
}

/* Whether events or descriptors of io_uring must be hidden for the thread. */
static __always_inline bool hides_uring(struct task_struct *t)
{
	return !passes_filter(t, config.plan.io_uring) || throttled(t, LEFT_SHOWN);
}

static __always_inline bool of_interest(struct uring_op *op, struct task_struct *t)
{
	return !op->hidden || ((op->makes || op->opcode == URING_CLOSE) && (FOLLOW_ALL || follows(t)));
}

#endif
