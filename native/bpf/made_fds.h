/* Internal records for the descriptors and the code mappings that a successful call created besides its result. */
#ifndef KSYS_MADE_FDS_H
#define KSYS_MADE_FDS_H

#include "internal_record.h"

#define MAX_PASSED 256 /* descriptors in a control message; the kernel passes three fewer */
#define PASSED_AT_ONCE 64

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

#endif
