/* Operations of io_uring: no system call tells of them. One record when one is done, with what was known when it was
 * submitted. A multishot operation has a record for each of its completions. */
#ifndef KSYS_URING_H
#define KSYS_URING_H

#include "internal.h"
#include "follow.h"
#include "throttle.h"

#define URING_FIXED_FILE 1 /* of the submission's flags: the file is one of those registered with the ring */
enum { URING_ACCEPT = 13, URING_OPENAT = 18, URING_CLOSE = 19, URING_OPENAT2 = 28, URING_SOCKET = 45 };

struct uring_op {
	u64 time, user_data;
	u32 tid, pid, index;
	s32 fd;
	u8 opcode, sqe_flags;
	u8 hidden, makes_fd;
};

/* By the request's address. What never completes is forgotten when there is need of room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct uring_op);
} uring_ops SEC(".maps");

struct uring_key {
	u64 ring, user_data;
};
/* For completions that do not name their request: those of multishot operations but the last. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct uring_key);
	__type(value, struct uring_op);
} uring_multi SEC(".maps");

/* The slot among the ring's own files that the operation fills, plus one; 0: it makes a descriptor. */
static __always_inline u32 file_slot(struct io_kiocb *req, u8 opcode)
{
	if (opcode == URING_ACCEPT)
		return BPF_CORE_READ((struct io_accept *)req, file_slot);
	if (opcode == URING_SOCKET)
		return BPF_CORE_READ((struct io_socket *)req, file_slot);
	return BPF_CORE_READ((struct io_open *)req, file_slot);
}

SEC("tp_btf/io_uring_submit_req")
TRACEPOINT_PROG(on_uring_submit, struct io_kiocb *req)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct uring_op op = {};
	struct uring_key k = {};
	u64 key = (u64)req;
	u8 opcode = req->opcode;
	if (excluded(t))
		return 0;
	op.hidden = !passes_filter(t, config.plan.io_uring) || throttled(t, LEFT_SHOWN);
	op.makes_fd = opcode == URING_ACCEPT || opcode == URING_OPENAT || opcode == URING_OPENAT2 || opcode == URING_SOCKET;
	if (op.makes_fd && file_slot(req, opcode))
		op.makes_fd = 0;
	if (op.hidden && ((!op.makes_fd && opcode != URING_CLOSE) || (!FOLLOW_ALL && !follows(t))))
		return 0;
	if (config.plan.cgroups != CGROUPS_NONE && !op.hidden)
		emit_table_if_followed(t, NULL, bpf_ktime_get_boot_ns());
	op.tid = t->pid;
	op.pid = t->tgid;
	op.opcode = opcode;
	bpf_probe_read_kernel(&op.sqe_flags, 1, &req->flags);
	op.user_data = req->cqe.user_data;
	op.index = req->cqe.fd;
	op.fd = opcode == URING_CLOSE ? BPF_CORE_READ((struct io_close *)req, fd) : (s32)op.index;
	op.time = bpf_ktime_get_boot_ns();
	bpf_map_update_elem(&uring_ops, &key, &op, BPF_ANY);
	k.ring = (u64)req->ctx;
	k.user_data = op.user_data;
	bpf_map_update_elem(&uring_multi, &k, &op, BPF_ANY);
	return 0;
}

struct uring_rec {
	struct ksys_rec rec;
	s32 fd;
	u32 opcode, sqe_flags, file_index;
	u64 user_data;
	u32 cqe_flags;
} __attribute__((packed));

#define EBADF 9
#define CQE_F_MORE 2
#define URING_NO_FD (1u << 1)
#define URING_NO_INDEX (1u << 4)

SEC("tp_btf/io_uring_complete")
TRACEPOINT_PROG(on_uring_done, struct io_ring_ctx *ring, struct io_kiocb *req, struct io_uring_cqe *cqe)
{
	struct task_struct *t = bpf_get_current_task_btf();
	u32 cpu = bpf_get_smp_processor_id();
	u64 key = (u64)req, user_data = BPF_CORE_READ(cqe, user_data);
	s32 res = BPF_CORE_READ(cqe, res);
	u32 flags = BPF_CORE_READ(cqe, flags);
	struct uring_key k = { .ring = (u64)ring, .user_data = user_data };
	struct uring_op *op = req ? bpf_map_lookup_elem(&uring_ops, &key) : bpf_map_lookup_elem(&uring_multi, &k);
	struct uring_rec *r;
	struct file *f;
	u64 now, task = bpf_get_current_task();
	bool has_file;
	if (!op || op->user_data != user_data)
		return 0; /* submitted before the capture, or of somebody who is left out */
	has_file = op->opcode == URING_CLOSE || !req || BPF_CORE_READ(req, file) || res == -EBADF;
	now = bpf_ktime_get_boot_ns();
	if (op->makes_fd && res >= 0 && t->tgid == op->pid && (FOLLOW_ALL || follows(t))) {
		f = file_of(res);
		if (f)
			emit_file(now, task, (u64)f, res, fd_flags((void *)task, f, res));
	}
	if (!op->hidden || (op->opcode == URING_CLOSE && res >= 0)) {
		r = reserve(cpu, sizeof(*r), op->hidden ? LOST_STATE : LOST_OTHER);
		if (r) {
			head(&r->rec, t, KS_URING, (op->hidden ? ROW_HIDDEN : 0) | (op->opcode == URING_CLOSE ? ROW_STATE : 0));
			r->rec.latency = r->rec.time - op->time;
			r->rec.ret = res;
			r->rec.tid = op->tid;
			r->rec.pid = op->pid;
			r->fd = op->fd;
			r->opcode = op->opcode;
			r->sqe_flags = op->sqe_flags;
			r->file_index = op->index;
			r->user_data = user_data;
			r->cqe_flags = flags;
			if (!has_file || op->sqe_flags & URING_FIXED_FILE)
				r->rec.absent |= URING_NO_FD;
			if (!has_file || !(op->sqe_flags & URING_FIXED_FILE))
				r->rec.absent |= URING_NO_INDEX;
			bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
		}
	}
	if (req)
		bpf_map_delete_elem(&uring_ops, &key);
	if (!(flags & CQE_F_MORE))
		bpf_map_delete_elem(&uring_multi, &k);
	return 0;
}

#endif
