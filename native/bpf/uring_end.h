/* The end of an operation of io_uring: the descriptors that it created, and its record. */
#ifndef KSYS_URING_END_H
#define KSYS_URING_END_H

#include "uring_path.h"

#define EBADF 9

/* Parameters of the record, by their place. */
enum { URING_RES, URING_P_FD, URING_P_OPCODE, URING_P_INDEX = 4, URING_P_CQE = 6, URING_P_DIR, URING_P_PATH, URING_P_TARGETDIR, URING_P_TARGET, URING_P_LINK, URING_P_XATTR, URING_P_FD_IN };
#define ABSENT(param) (1u << (param))
#define RESULT_UNKNOWN (ABSENT(URING_RES) | ABSENT(URING_P_CQE))

/* The descriptors received with a message of a multishot operation: the control messages are in a buffer of its own, and the
 * kernel has advanced past them. */
static __always_inline void emit_multishot(struct scratch *call, u64 req)
{
	struct io_async_msghdr *m = (void *)BPF_CORE_READ((struct io_kiocb *)req, async_data);
	struct controls c;
	u64 left;
	if (!m || call->compat || !bpf_core_field_exists(m->controllen))
		return;
	left = BPF_CORE_READ(m, msg.msg_controllen);
	c.bytes = BPF_CORE_READ(m, controllen) - left;
	c.at = (u64)BPF_CORE_READ(m, msg.msg_control_user) - c.bytes;
	emit_controls(call, &c);
}

/* Whether the running process is followed. Not inlined, since put_in_table calls functions that need most of the stack. */
__noinline int follows_current(void)
{
	return FOLLOW_ALL || follows(bpf_get_current_task_btf());
}

/* The descriptors that a successful operation has added to the table of the running process. passed: including those
 * received with messages. */
static __always_inline void put_in_table(struct uring_op *op, struct uring_end *e, const bool passed)
{
	struct scratch *call = scratch_of(bpf_get_smp_processor_id(), 1);
	struct task_struct *t = bpf_get_current_task_btf();
	if (!call || t->tgid != op->pid || !follows_current())
		return;
	e->call_time = call->rec.time; /* this may be the end of a call */
	call->rec.time = bpf_ktime_get_boot_ns();
	e->call_compat = call->compat;
	call->compat = is_compat(t);
	if (op->makes == MAKES_RESULT)
		emit_fd(call, e->res);
	else if (op->makes == MAKES_PIPE) {
		if (!bpf_probe_read_user(&e->fds, sizeof(e->fds), (void *)op->memory)) {
			emit_fd(call, e->fds[0]);
			emit_fd(call, e->fds[1]);
		}
	} else if (passed && op->makes == MAKES_PASSED)
		emit_message(call, op->memory);
	else if (passed)
		emit_multishot(call, e->req);
	call->rec.time = e->call_time;
	call->compat = e->call_compat;
}

__noinline int emit_made(struct uring_op *op, struct uring_end *e)
{
	if (op && e)
		put_in_table(op, e, true);
	return 0;
}

__noinline int emit_made_but_passed(struct uring_op *op, struct uring_end *e)
{
	if (op && e)
		put_in_table(op, e, false);
	return 0;
}

static __always_inline u32 absent_fds(struct uring_op *op, struct uring_end *e)
{
	struct io_kiocb *req = (void *)e->req;
	bool has = op->fd_kind == FD_GIVEN ||
		   (op->fd_kind == FD_IF_FILE && (e->again || e->res == -EBADF || BPF_CORE_READ(req, file)));
	if (!has)
		return ABSENT(URING_P_FD) | ABSENT(URING_P_INDEX);
	return op->sqe_flags & URING_FIXED_FILE ? ABSENT(URING_P_FD) : ABSENT(URING_P_INDEX);
}

/* The operation's record. */
__noinline int emit_op(struct uring_op *op, struct uring_end *e)
{
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct scratch *s = scratch_of(cpu, 0);
	bool closed;
	u64 key;
	if (!HAS_REQUESTS || !op || !e || !s)
		return 0;
	closed = op->opcode == URING_CLOSE && !(e->absent & ABSENT(URING_RES)) && e->res >= 0;
	if (op->hidden && !closed)
		return 0;
	head(&s->rec, bpf_get_current_task_btf(), KS_URING, (op->hidden ? ROW_HIDDEN : 0) | (closed ? ROW_STATE : 0));
	if (op->time)
		s->rec.latency = s->rec.time - op->time;
	s->rec.ret = e->res;
	s->rec.tid = op->tid;
	s->rec.pid = op->pid;
	s->rec.absent = e->absent | absent_fds(op, e);
	s->task = 0;
	off = put32(s, off, op->fd);
	off = put32(s, off, op->opcode);
	off = put32(s, off, op->sqe_flags);
	off = put32(s, off, op->index);
	off = put64(s, off, op->user_data);
	off = put32(s, off, e->cqe_flags);
	off = put32(s, off, op->dirs[0]);
	off = put32(s, off, op->dirs[1]);
	off = put32(s, off, op->fd_in);
	if (!op->named)
		absent(s, URING_P_DIR);
	if (op->opcode != URING_RENAMEAT && op->opcode != URING_LINKAT)
		absent(s, URING_P_TARGETDIR);
	if (!op->copies)
		absent(s, URING_P_FD_IN);
	key = e->req;
	off = op->named ? put_name(s, off, key, URING_P_PATH) : put_none(s, off, URING_P_PATH);
	key++;
	off = op->opcode == URING_RENAMEAT || op->opcode == URING_LINKAT ? put_name(s, off, key, URING_P_TARGET) :
									     put_none(s, off, URING_P_TARGET);
	off = op->opcode == URING_SYMLINKAT ? put_name(s, off, key, URING_P_LINK) : put_none(s, off, URING_P_LINK);
	off = op->opcode == URING_SETXATTR || op->opcode == URING_GETXATTR ? put_name(s, off, key, URING_P_XATTR) :
									      put_none(s, off, URING_P_XATTR);
	emit_event(s, off, cpu);
	return 0;
}

/* The operation's descriptors, and its record. passed: as in put_in_table. */
static __always_inline void emit_uring(struct uring_op *op, struct uring_end *e, const bool passed)
{
	if (op->makes && !(e->absent & ABSENT(URING_RES)) && e->res >= 0) {
		if (passed)
			emit_made(op, e);
		else
			emit_made_but_passed(op, e);
	}
	emit_op(op, e);
}

#endif
