/* Operations of io_uring, which no system call records: one record at completion, with what was known at submission. A
 * multishot operation has a record for each of its completions. An operation that cannot be stored until then is counted as
 * lost: its record, if there is one, contains only what the request has at completion. */
#ifndef KSYS_URING_H
#define KSYS_URING_H

#include "uring_unseen.h"

#define CQE_F_MORE 2
#define CQE_F_NOTIF 8 /* notification that memory is free again: the operation has had its completion */

#define URING_DRAIN_ACTIVE 16 /* IO_RING_F_DRAIN_ACTIVE, of an enum without a name */

/* Whether a request waits for all before it: free requests then do not stay on their io_uring's list. */
static __always_inline bool drains(u64 at)
{
	struct io_ring_ctx *ring = (void *)at;
	struct io_ring_ctx___old *old = (void *)at;
	if (bpf_core_field_exists(old->drain_active))
		return BPF_CORE_READ_BITFIELD_PROBED(old, drain_active);
	return bpf_core_field_exists(ring->int_flags) && BPF_CORE_READ(ring, int_flags) & URING_DRAIN_ACTIVE;
}

/* Tracks an operation that may end without a visible completion; if that fails, has its record written at once. */
static __always_inline void keep_unseen(struct uring_op *op, u64 req)
{
	if (drains(op->ring) || !watch_one(op))
		end_unseen(req, op, RESULT_UNKNOWN, false);
}

/* A request is submitted: its previous operation has ended, seen or not. The result is still there if the request never left
 * its io_uring. */
static __always_inline void end_before(struct task_struct *t, struct io_kiocb *req)
{
	u64 key = number_of(req), ring = number_of(req->ctx);
	struct uring_op *op = bpf_map_lookup_elem(&uring_ops, &key);
	move_top(t->tgid, ring, key);
	if (op)
		end_unseen(key, op, op->ring == ring ? 0 : RESULT_UNKNOWN, true);
}

/* Stores an operation until its end; one that does not fit is counted as lost. */
__noinline int keep_op(struct uring_work *w, u64 req)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct uring_op *op;
	if (!w)
		return 0;
	if (!w->op.hidden && !keep_names(w, req))
		count_lost(cpu, LOST_OTHER);
	if ((may_be_multishot(w->op.opcode) && !join_twins(&w->op, req)) ||
	    bpf_map_update_elem(&uring_ops, &req, &w->op, BPF_ANY)) {
		count_lost(cpu, w->op.hidden ? LOST_STATE : LOST_OTHER);
		forget_op(&w->op, req);
		return 0;
	}
	if (!(w->op.sqe_flags & URING_CQE_SKIP))
		return 0;
	op = bpf_map_lookup_elem(&uring_ops, &req);
	if (op)
		keep_unseen(op, req);
	return 0;
}

SEC("tp_btf/io_uring_submit_req")
TRACEPOINT_PROG(on_uring_submit, struct io_kiocb *req)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct uring_work *w = uring_work();
	struct uring_op *op;
	if (!w || excluded(t))
		return 0;
	end_before(t, req);
	op = &w->op;
	__builtin_memset(op, 0, sizeof(*op));
	op->hidden = hides_uring(t);
	describe(op, req);
	if (!of_interest(op, t))
		return 0;
	if (config.plan.cgroups != CGROUPS_NONE && !op->hidden)
		emit_table_if_followed(t, NULL, bpf_ktime_get_boot_ns());
	op->tid = t->pid;
	op->pid = t->tgid;
	op->user_data = req->cqe.user_data;
	if (op->fd_kind == FD_IF_FILE)
		op->fd = op->index = req->cqe.fd;
	op->time = bpf_ktime_get_boot_ns();
	keep_op(w, number_of(req));
	return 0;
}

/* The end of a request that is not in the table: it was submitted before the capture, failed before it was submitted, or did
 * not fit. If ceilings drop events, it may be one of those. */
static __always_inline void end_of_stranger(struct uring_work *w, u64 user_data)
{
	struct task_struct *t = bpf_get_current_task_btf(), *by;
	struct io_kiocb *req = (void *)w->end.req;
	struct uring_op *op = &w->op;
	if (w->end.cqe_flags & CQE_F_NOTIF || config.plan.ceilings || excluded(t))
		return;
	by = BPF_CORE_READ(req, tctx, task);
	if (BPF_CORE_READ(by, tgid) != t->tgid)
		return;
	__builtin_memset(op, 0, sizeof(*op));
	op->hidden = !passes_filter(t, config.plan.io_uring);
	describe(op, req);
	if (op->fd_kind == FD_IF_FILE)
		op->fd_kind = FD_NONE;
	if (!of_interest(op, t))
		return;
	op->tid = BPF_CORE_READ(by, pid);
	op->pid = t->tgid;
	op->user_data = user_data;
	emit_uring(op, &w->end, true);
}

/* A completion of a request that continues: it does not identify the request. */
static __always_inline void go_on(struct uring_work *w, u64 ring, u64 user_data)
{
	struct uring_meant m = {};
	struct uring_op *op;
	if (!find_meant(&m, ring, user_data))
		return;
	op = bpf_map_lookup_elem(&uring_ops, &m.req);
	if (!op)
		return;
	w->end.req = m.req;
	w->end.again = 1;
	if (m.unsure)
		w->end.absent = ABSENT(URING_P_FD) | ABSENT(URING_P_INDEX) | (m.unsure & UNSURE_OPCODE ? ABSENT(URING_P_OPCODE) : 0);
	emit_uring(op, &w->end, true);
}

static __always_inline struct uring_work *completion(u64 req, s32 res, u32 cqe_flags)
{
	struct uring_work *w = uring_work();
	if (!w)
		return NULL;
	__builtin_memset(&w->end, 0, sizeof(w->end));
	w->end.req = req;
	w->end.res = res;
	w->end.cqe_flags = cqe_flags;
	return w;
}

SEC("tp_btf/io_uring_complete")
TRACEPOINT_PROG(on_uring_done, struct io_ring_ctx *ring, struct io_kiocb *req, struct io_uring_cqe *cqe)
{
	u64 key = (u64)req, at = number_of(ring), user_data = BPF_CORE_READ(cqe, user_data);
	struct uring_work *w = completion(key, BPF_CORE_READ(cqe, res), BPF_CORE_READ(cqe, flags));
	struct uring_op *op;
	if (!w)
		return 0;
	if (!req) {
		if (w->end.cqe_flags & CQE_F_MORE) /* others belong to no request */
			go_on(w, at, user_data);
		return 0;
	}
	op = bpf_map_lookup_elem(&uring_ops, &key);
	if (!op || op->user_data != user_data || op->ring != at)
		end_of_stranger(w, user_data);
	else if (take_op(w, key, op)) {
		emit_uring(&w->op, &w->end, true);
		forget_op(&w->op, key);
	}
	return 0;
}

/* A completion does not fit into the completion queue. If the request has ended, the completion does not identify it: the
 * request will be found later. */
SEC("tp_btf/io_uring_cqe_overflow")
TRACEPOINT_PROG(on_uring_overflow, void *ring, u64 user_data, s32 res, u32 cqe_flags)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct uring_watch *w;
	struct watched_ring *r;
	struct uring_work *work;
	if (cqe_flags & CQE_F_MORE) {
		work = completion(0, res, cqe_flags);
		if (work)
			go_on(work, (u64)ring, user_data);
		return 0;
	}
	if (t->flags & PF_KTHREAD || excluded(t))
		return 0;
	w = watch_process(t->tgid);
	r = w ? take_place(w, (u64)ring) : NULL;
	if (r) {
		r->overflowed = 1;
		count_down(r);
	} else
		count_lost(bpf_get_smp_processor_id(), LOST_OTHER);
	return 0;
}

/* A file is ready for a request that waits for it. */
SEC("tp_btf/io_uring_task_add")
TRACEPOINT_PROG(on_uring_wake, struct io_kiocb *req)
{
	u64 key = (u64)req;
	struct uring_op *op = uring_twins ? bpf_map_lookup_elem(&uring_ops, &key) : NULL;
	if (op)
		op->woken = bpf_ktime_get_boot_ns();
	return 0;
}

/* A failure also fails the next request, which posts no completion if the first one was to post none: whether that applies
 * is no longer known. */
SEC("tp_btf/io_uring_fail_link")
TRACEPOINT_PROG(on_uring_fail, struct io_kiocb *req, struct io_kiocb *link)
{
	u64 key = number_of(link);
	struct uring_op *op = bpf_map_lookup_elem(&uring_ops, &key);
	if (op && !op->watched && !watch_one(op))
		count_lost(bpf_get_smp_processor_id(), LOST_OTHER);
	return 0;
}

/* A thread has run the remaining work of its requests. */
SEC("tp_btf/io_uring_task_work_run")
TRACEPOINT_PROG(on_uring_work)
{
	look_at_rings(true);
	return 0;
}

SEC("tp_btf/sched_process_exit")
TRACEPOINT_PROG(on_uring_exit, struct task_struct *t)
{
	if (uring_watching && !BPF_CORE_READ(t, signal, live.counter))
		end_with_process(t->tgid);
	return 0;
}

#endif
