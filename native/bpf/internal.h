/* Internal records: they keep ksys's state correct and are never shown as events. Layouts: src/schema/events/internal.ts.
 * Those of a call's exit are built in the enter side's scratch space and have the call's time: they come right before its
 * record. */
#ifndef KSYS_INTERNAL_H
#define KSYS_INTERNAL_H

#include "special_process.h"

#define ANON_INODE_MAGIC 0x09041934
#define PID_FS_MAGIC 0x50494446
#define MAX_PASSED 256 /* descriptors in a control message; the kernel passes three fewer */
#define PASSED_AT_ONCE 64

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

struct cmsg {
	u64 len;
	s32 level, type;
};

/* The next descriptors of a control message: `bytes` at `ptr` in user memory. One loop over all possible ones would take the
 * verifier twice as long, in each program. */
__noinline int emit_rights(struct scratch *call, u64 ptr, u64 bytes)
{
	s32 fd;
	if (!call)
		return 0;
	for (u32 k = 0; k < PASSED_AT_ONCE; k++) {
		if (k * 4 + 4 > bytes || bpf_probe_read_user(&fd, 4, (void *)ptr + k * 4))
			break;
		emit_fd(call, fd);
	}
	return 0;
}

/* Position of control messages in user memory. */
struct controls {
	u64 at, bytes;
};

#define CONTROLS 4 /* maximum that is read */

/* Reads the first control message, and moves to the remaining ones. */
static __always_inline bool next_control(struct controls *m, struct cmsg *c)
{
	u64 size;
	if (m->bytes < sizeof(*c) || bpf_probe_read_user(c, sizeof(*c), (void *)m->at) || c->len < sizeof(*c))
		return false;
	size = (c->len + 7) & ~7ull;
	m->at += size;
	m->bytes = size < m->bytes ? m->bytes - size : 0;
	return true;
}

static __always_inline bool passes_fds(const struct cmsg *c)
{
	return c->level == SOL_SOCKET && (c->type == SCM_RIGHTS || c->type == SCM_PIDFD);
}

/* The descriptors of control messages. */
static __always_inline int emit_controls(struct scratch *call, struct controls *m)
{
	struct cmsg c;
	u64 fds;
	for (int i = 0; i < CONTROLS; i++) {
		fds = m->at + sizeof(c);
		if (!next_control(m, &c))
			break;
		if (!passes_fds(&c))
			continue;
		c.len -= sizeof(c);
		for (u32 k = 0; k < MAX_PASSED / PASSED_AT_ONCE && (s64)c.len >= 4; k++) {
			emit_rights(call, fds, c.len);
			fds += PASSED_AT_ONCE * 4;
			c.len -= PASSED_AT_ONCE * 4;
		}
	}
	return 0;
}

/* The descriptors received with a message (struct msghdr in user memory). */
static __always_inline int emit_message(struct scratch *call, u64 hdr)
{
	struct controls m;
	if (!call || call->compat || bpf_probe_read_user(&m, sizeof(m), (void *)hdr + __builtin_offsetof(struct msg, control)) || !m.at)
		return 0;
	return emit_controls(call, &m);
}

__noinline int emit_passed(struct scratch *call, u64 hdr)
{
	return emit_message(call, hdr);
}

#define MSGS 64
#define MMSGHDR 64

#define NR_CLONE3 435 /* on every architecture */
#define CLONE_PIDFD 0x1000
#define SECCOMP_SET_MODE_FILTER 1
#define SECCOMP_NEW_LISTENER 8

/* Whether an ioctl's result is a descriptor. */
static __always_inline bool ioctl_makes_fd(u32 request)
{
	switch (request) {
	case 0x5441: /* TIOCGPTPEER */
	case 0xae01: /* KVM_CREATE_VM */
	case 0xae41: /* KVM_CREATE_VCPU */
	case 0xaa00: /* USERFAULTFD_IOC_NEW */
	case 0xb701: /* NS_GET_USERNS */
	case 0xb702: /* NS_GET_PARENT */
		return true;
	}
	return false;
}

static __always_inline bool makes_listener(u64 op, u64 flags)
{
	return op == SECCOMP_SET_MODE_FILTER && flags & SECCOMP_NEW_LISTENER;
}

/* The pidfd of a new process, at a pointer in user memory; -1: none. */
static __always_inline s32 pidfd_at(u64 flags, u64 ptr)
{
	s32 fd = -1;
	if (flags & CLONE_PIDFD)
		bpf_probe_read_user(&fd, 4, (void *)ptr);
	return fd;
}

/* The descriptor that a successful call created besides those in messages; -1: none. */
static __always_inline s32 made_fd(struct scratch *call, u32 kind)
{
	u64 v[2] = {}; /* flags, pidfd */
	switch (kind) {
	case FDS_RETURNED:
		return call->rec.ret;
	case FDS_IOCTL:
		return ioctl_makes_fd(call->args[1]) ? call->rec.ret : -1;
	case FDS_CLONE:
		if (call->args[NUMBER_ARG] != NR_CLONE3)
			return pidfd_at(call->args[0], call->args[2]);
		bpf_probe_read_user(v, sizeof(v), (void *)call->args[0]);
		return pidfd_at(v[0], v[1]);
	case FDS_SECCOMP:
		return makes_listener(call->args[0], call->args[1]) ? call->rec.ret : -1;
	}
	return -1;
}

#define PROT_EXEC 4

/* Whether mmap with these arguments may have mapped code that must be recorded. */
static __always_inline bool maps_code(const u64 *args, bool compat)
{
	return !compat && args[2] & PROT_EXEC;
}

/* Records the mapping of mmap if it is code of a file: once a program has ended, its addresses can no longer be assigned to
 * functions, and many end before their /proc is read. */
__noinline int emit_mapping(struct scratch *call)
{
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct scratch *s;
	struct inode *i;
	struct file *f;
	if (!call || !maps_code(call->args, call->compat))
		return 0;
	f = file_of(call->args[4]);
	if (!f)
		return 0;
	s = internal_record(call->rec.time, bpf_get_current_task_btf(), cpu, KS_MMAP);
	if (!s)
		return 0;
	i = BPF_CORE_READ(f, f_inode);
	off = put64(s, off, call->rec.ret);
	off = put64(s, off, call->rec.ret + call->args[1]);
	off = put64(s, off, call->args[5]);
	off = put64(s, off, 0);
	off = put64(s, off, BPF_CORE_READ(i, i_ino));
	off = put32(s, off, user_dev(BPF_CORE_READ(i, i_sb, s_dev)));
	emit(s, put_file_path(s, off, f, 6), cpu);
	return 0;
}

/* Records the descriptors that a successful call delivered, if any. */
__noinline int emit_fds(struct scratch *call, u32 kind)
{
	if (!call)
		return 0;
	if (kind == FDS_MAPPED)
		emit_mapping(call);
	else if (kind == FDS_MESSAGE)
		emit_passed(call, call->args[1]);
	else if (kind == FDS_MESSAGES)
		for (int i = 0; i < MSGS; i++) {
			if (i >= call->rec.ret)
				break;
			emit_passed(call, call->args[1] + i * MMSGHDR);
		}
	else
		emit_fd(call, made_fd(call, kind));
	return 0;
}

__noinline int emit_cwd(struct scratch *call)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct fs_struct *fs = t->fs;
	u32 cpu = bpf_get_smp_processor_id(), off;
	struct scratch *s;
	if (!call || !fs)
		return 0;
	s = internal_record(call->rec.time, t, cpu, KS_CWD);
	if (!s)
		return 0;
	off = put_path(s, 0, (u64)BPF_CORE_READ(fs, pwd.mnt), (u64)BPF_CORE_READ(fs, pwd.dentry), 0);
	off = put_root(s, off, 1);
	emit(s, off, cpu);
	return 0;
}

__noinline int emit_creds(struct scratch *call)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	const struct cred *c = t->cred;
	u32 cpu = bpf_get_smp_processor_id(), off = 0;
	struct scratch *s;
	if (!call)
		return 0;
	s = internal_record(call->rec.time, t, cpu, KS_CREDS);
	if (!s)
		return 0;
	off = put32(s, off, c->uid.val);
	off = put32(s, off, c->euid.val);
	off = put32(s, off, c->gid.val);
	off = put32(s, off, c->egid.val);
	off = put32(s, off, login_uid(t));
	off = put_caps(s, off, c);
	emit(s, off, cpu);
	return 0;
}

#endif
