/* Calls whose arguments depend on the operation: ptrace, keyctl, prctl, fsconfig. A value of several possible types is its
 * index in the declaration's list, one byte, and the value. */
#ifndef KSYS_SPECIAL_DYN_H
#define KSYS_SPECIAL_DYN_H

#include "ops.h"

static __always_inline u32 dyn64(struct scratch *s, u32 off, u8 index, u64 v)
{
	return put64(s, put8(s, put16(s, off, 9), index), v);
}
static __always_inline u32 dyn_str(struct scratch *s, u32 off, u8 index, u64 ptr, u32 param)
{
	long n = ptr ? bpf_probe_read_user_str(at(s, off + 3), 4000, (void *)ptr) : -1;
	if (n <= 0)
		return put_none(s, off, param);
	put8(s, put16(s, off, n), index);
	return off + 2 + n;
}

enum { PTRACE_U64, PTRACE_SIG };

static __always_inline bool is_peek(u64 request)
{
	return request >= 1 && request <= 3; /* PEEKTEXT, PEEKDATA, PEEKUSR */
}

/* addr, data */
__noinline u32 special_ptrace(struct scratch *s, u32 off, u64 w)
{
	u64 request, data;
	if (!s)
		return off;
	request = s->args[0];
	data = s->args[3];
	off = dyn64(s, off, PTRACE_U64, s->args[2]);
	switch (request) {
	case 7:  /* CONT */
	case 9:  /* SINGLESTEP */
	case 17: /* DETACH */
	case 24: /* SYSCALL */
		put8(s, put8(s, put16(s, off, 2), PTRACE_SIG), data);
		return off + 4;
	}
	if (is_peek(request)) {
		u64 v = 0;
		if (failed(s) || config.plan.spare & SPARE_BUFFERS || bpf_probe_read_user(&v, 8, (void *)data))
			return put_none(s, off, OP_PARAM(w) + 1);
		return dyn64(s, off, PTRACE_U64, v);
	}
	return dyn64(s, off, PTRACE_U64, data);
}

enum { KEY_INT, KEY_STR };

/* Whether keyctl's argument n (2..5) of an operation is a string. */
static __always_inline bool key_string(u64 op, u32 n)
{
	switch (op) {
	case 1: /* JOIN_SESSION_KEYRING */
		return n == 2;
	case 10: /* SEARCH */
		return n == 3 || n == 4;
	case 29: /* RESTRICT_KEYRING */
		return n == 3 || n == 4;
	case 24: /* PKEY_QUERY */
		return n == 4;
	}
	return false;
}

/* arg2 .. arg5 */
__noinline u32 special_keyctl(struct scratch *s, u32 off, u64 w)
{
	if (!s)
		return off;
	for (u32 n = 2; n <= 5; n++) {
		u64 v = s->args[n - 1];
		if (key_string(s->args[0], n))
			off = dyn_str(s, off, KEY_STR, v, OP_PARAM(w) + n - 2);
		else
			off = dyn64(s, off, KEY_INT, v);
	}
	return off;
}

#define PR_SET_NAME 15
#define PR_GET_NAME 16
#define PR_GET_CHILD_SUBREAPER 37

/* arg2_int (fixed) and arg2_str (variable): one of them is absent */
__noinline u32 special_prctl(struct scratch *s, u32 off, u64 w)
{
	u64 option;
	bool text;
	if (!s)
		return off;
	option = s->args[0];
	text = option == PR_SET_NAME || option == PR_GET_NAME;
	if (OP_B(w))
		return text ? put_user_str(s, off, s->args[1], OP_PARAM(w)) : put_none(s, off, OP_PARAM(w));
	if (text)
		absent(s, OP_PARAM(w));
	if (option == PR_GET_CHILD_SUBREAPER) {
		s32 v = 0;
		bpf_probe_read_user(&v, 4, (void *)s->args[1]);
		return put64(s, off, (s64)v);
	}
	return put64(s, off, text ? 0 : s->args[1]);
}

enum { FSC_SET_STRING = 1, FSC_SET_BINARY = 2, FSC_SET_PATH = 3, FSC_SET_PATH_EMPTY = 4 };

/* value_bytebuf, value_charbuf */
__noinline u32 special_fsconfig(struct scratch *s, u32 off, u64 w)
{
	u64 cmd;
	if (!s)
		return off;
	cmd = s->args[1];
	if (cmd == FSC_SET_BINARY && !s->hidden)
		off = put_user(s, off, s->args[3], (u32)s->args[4] < config.plan.snaplen ? (u32)s->args[4] : config.plan.snaplen, OP_PARAM(w));
	else
		off = put_none(s, off, OP_PARAM(w));
	if ((cmd == FSC_SET_STRING && !(config.plan.spare & SPARE_BUFFERS)) || cmd == FSC_SET_PATH || cmd == FSC_SET_PATH_EMPTY)
		return put_user_str(s, off, s->args[3], OP_PARAM(w) + 1);
	return put_none(s, off, OP_PARAM(w) + 1);
}

#endif
