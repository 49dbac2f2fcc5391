/* The row of a call: the operations that its descriptor lists, and the fillers of calls that need code of their own. */
#ifndef KSYS_FILL_H
#define KSYS_FILL_H

#include "special_clone.h"
#include "special_exec.h"
#include "special_sock.h"
#include "special_dyn.h"
#include "special_struct.h"
#include "special_mmsg.h"

__noinline u32 special(struct scratch *s, u32 off, u64 w, u32 kind)
{
	if (!s)
		return off;
	switch (kind) {
	case SP_EXECVE:
		return special_exec(s, off, w, 1);
	case SP_EXECVEAT:
		return special_exec(s, off, w, 2);
	case SP_CLONE:
	case SP_CLONE3:
	case SP_FORK:
		return special_clone(s, off, w, kind);
	case SP_ACCEPT:
		return special_accept(s, off, w);
	case SP_SOCKETPAIR:
		return special_socketpair(s, off, w);
	case SP_SETSOCKOPT:
		return special_sockopt(s, off, w, 0);
	case SP_GETSOCKOPT:
		return special_sockopt(s, off, w, 1);
	case SP_PTRACE:
		return special_ptrace(s, off, w);
	case SP_KEYCTL:
		return special_keyctl(s, off, w);
	case SP_QUOTACTL:
		return special_quotactl(s, off, w);
	case SP_CAPSET:
		return special_capset(s, off, w);
	case SP_PRCTL:
		return special_prctl(s, off, w);
	case SP_OPEN_BY_HANDLE:
		return special_by_handle(s, off, w);
	case SP_FSCONFIG:
		return special_fsconfig(s, off, w);
	case SP_SEMOP:
		return special_semop(s, off, w);
	case SP_CREAT:
		return special_creat(s, off, w);
	case SP_LLSEEK:
		return special_llseek(s, off);
	case SP_INIT_MODULE:
		return special_image(s, off, w);
	case SP_SENDMMSG:
	case SP_RECVMMSG:
		return special_mmsg(s, off, w, kind == SP_RECVMMSG);
	}
	return off;
}

/* The row of a call that has only plain arguments, or the part before the buffer that follows them. */
static __always_inline u32 put_plain(struct scratch *s, const volatile struct ksys_desc *d, u32 n)
{
	u32 off = 0;
	for (u32 i = 0; i < 6; i++) {
		if (i >= n)
			break;
		u64 w = *(const volatile u64 *)&d->ops[i];
		put64(s, off, ARG(s, OP_N(w)));
		off += OP_SIZE(w);
	}
	return off;
}

/* The same with the buffer, as for reads and writes: without calling run_ops. */
static __always_inline u32 put_buffer(struct scratch *s, const volatile struct ksys_desc *d)
{
	u32 n = (d->nops - 1) & 7;
	u64 w;
	BARRIER(n); /* the index is masked right before its use, as 5.15 requires */
	w = *(const volatile u64 *)&d->ops[n & 7];
	return op_buf(s, put_plain(s, d, n), w);
}

/* All operations of call nr, in order; returns the row's length. Frequent ones are inline, because calls between programs
 * are expensive with return guards. A separate function, so that the kernel checks it once for all callers. c: the enter
 * side, if there is one. */
__noinline u32 run_ops(struct scratch *s, u32 nr, struct in_call *c)
{
	const volatile struct ksys_desc *d;
	u32 off = 0, n;
	if (!s)
		return 0;
	nr &= KSYS_MAX_NR - 1;
	d = s->enter ? &config.enters[nr] : &config.descs[nr];
	n = d->nops;
	s->opened.there = s->opened.unresolved = false;
	for (u32 i = 0; i < KSYS_MAX_OPS; i++) {
		if (i >= n)
			break;
		u64 w = *(const volatile u64 *)&d->ops[i];
		off = any(s, off);
		switch (OP(w)) {
		case OP_ARG:
			put64(s, off, ARG(s, OP_N(w)));
			off += OP_SIZE(w);
			break;
		case OP_STR:
			off = op_str(s, off, w, c);
			break;
		case OP_BUF:
			off = op_buf(s, off, w);
			break;
		case OP_TIMESPEC:
			off = op_timespec(s, off, w, c);
			break;
		case OP_DEVINO:
			off = op_devino(s, off, w);
			break;
		case OP_OPENED:
			off = op_opened(s, off, w);
			break;
		case OP_KEPT:
			off = op_kept(s, off, w, c);
			break;
		case OP_SPECIAL:
			off = special(s, off, w, d->special);
			break;
		default:
			off = op_slow(s, off, w);
		}
	}
	return off;
}

#endif
