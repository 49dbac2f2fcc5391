/* Internal records keep ksys's state correct and are never shown as events; layouts: src/schema/events/internal.ts. Those of a call's
 * exit are built in the enter side's scratch space and have the call's time: they come right before its record. Here are their start,
 * and those that describe a descriptor. */
#ifndef KSYS_INTERNAL_RECORD_H
#define KSYS_INTERNAL_RECORD_H

#include "special_process.h"

#define ANON_INODE_MAGIC 0x09041934
#define PID_FS_MAGIC 0x50494446

static __always_inline struct scratch *internal_record(u64 time, struct task_struct *t, u32 cpu, u16 type)
{
	struct scratch *s = scratch_of(cpu, 0);
	if (!s)
		return NULL;
	head(&s->rec, t, type, ROW_HIDDEN | ROW_STATE);
	s->rec.time = time;
	s->task = 0;
	return s;
}

/* The path of an open file; for one outside the tree, its kind and name. */
static __always_inline u32 put_file_name(struct scratch *s, u32 off, struct file *f, u32 param)
{
	struct dentry *d = BPF_CORE_READ(f, f_path.dentry);
	u64 magic = BPF_CORE_READ(f, f_inode, i_sb, s_magic);
	if (magic == PID_FS_MAGIC)
		return put_kernel(s, off, "anon_inode:[pidfd]", 18, param);
	if (magic != ANON_INODE_MAGIC)
		return put_file_path(s, off, f, param);
	bpf_probe_read_kernel(at(s, off + 2), 11, "anon_inode:");
	long n = bpf_probe_read_kernel_str(at(s, off + 13), 64, BPF_CORE_READ(d, d_name.name));
	if (n <= 0)
		n = 1;
	put16(s, off, 11 + n - 1);
	return off + 2 + 11 + n - 1;
}

/* Describes an open file of a thread (pointers as numbers): its descriptor and its O_* flags. */
__noinline int emit_file(u64 time, u64 task, u64 file, u32 fd, u32 flags)
{
	struct task_struct *t = (void *)task;
	struct file *f = (void *)file;
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct sock *sk = sock_of(f);
	struct scratch *s = scratch_of(cpu, 0);
	struct inode *i;
	bool in;
	if (!s)
		return 0;
	s->rec.time = time;
	s->rec.latency = ~0ull;
	s->rec.ret = 0;
	s->rec.tid = BPF_CORE_READ(t, pid);
	s->rec.pid = BPF_CORE_READ(t, tgid);
	s->rec.absent = 0;
	s->rec.type = KS_FD;
	s->rec.flags = ROW_HIDDEN | ROW_STATE;
	s->task = task;
	i = BPF_CORE_READ(f, f_inode);
	off = put32(s, off, fd);
	off = put32(s, off, BPF_CORE_READ(i, i_mode));
	off = put32(s, off, user_dev(BPF_CORE_READ(i, i_sb, s_dev)));
	off = put64(s, off, BPF_CORE_READ(i, i_ino));
	off = put32(s, off, flags);
	if (sk) {
		in = accepted(sk);
		off = put32(s, off, BPF_CORE_READ(sk, __sk_common.skc_family));
		off = put32(s, off, BPF_CORE_READ(sk, sk_type));
		off = put32(s, off, BPF_CORE_READ(sk, sk_protocol));
		off = put32(s, off, BPF_CORE_READ(sk, __sk_common.skc_state));
		off = put32(s, off, in);
		off = put_tuple(s, off, (u64)sk, 0, 10 | (in ? TUPLE_IN : TUPLE_OUT) << 8);
		off = put_none(s, off, 11);
	} else {
		s->rec.absent |= 0x3e0;
		off = put32(s, put64(s, put64(s, off, 0), 0), 0);
		off = put_none(s, off, 10);
		off = put_file_name(s, off, f, 11);
	}
	emit(s, off, cpu);
	return 0;
}

/* Describes a descriptor that no record created: another process's, or one created as a side effect. */
__noinline int emit_fd(struct scratch *call, s32 fd)
{
	struct file *f = file_of(fd);
	u64 task = bpf_get_current_task();
	if (!call || !f)
		return 0;
	return emit_file(call->rec.time, task, (u64)f, fd, fd_flags((void *)task, f, fd));
}

/* The address of the socket of a bind or listen, as the kernel has it. */
__noinline int emit_bound(struct scratch *call)
{
	u32 cpu = bpf_get_smp_processor_id(), off;
	struct scratch *s;
	struct sock *sk;
	if (!call)
		return 0;
	sk = sock_of(file_of((s32)call->args[0]));
	s = internal_record(call->rec.time, bpf_get_current_task_btf(), cpu, KS_BOUND);
	if (!sk || !s)
		return 0;
	off = put32(s, 0, call->args[0]);
	emit(s, put_tuple(s, off, (u64)sk, 0, 1 | TUPLE_OUT << 8), cpu);
	return 0;
}

#endif
