/* The filler operations of ksys_op: each writes one parameter (OP_VM three) and returns the offset after it. */
#ifndef KSYS_OPS_H
#define KSYS_OPS_H

#include "op_memory.h"

/* The operations of less frequent calls. */
__noinline u32 op_slow(struct scratch *s, u32 off, u64 w)
{
	if (!s)
		return off;
	switch (OP(w)) {
	case OP_DEV:
	case OP_INO:
		return op_inode(s, off, w);
	case OP_DEREF:
		return op_deref(s, off, w);
	case OP_IOVSIZE:
	case OP_MSGSIZE:
		return op_size(s, off, w);
	case OP_VM:
		return op_vm(s, off);
	case OP_IOVEC:
	case OP_MSGDATA:
		return op_gather(s, off, w);
	case OP_MSGCONTROL:
		return op_control(s, off, w);
	case OP_SOCKADDR:
		return op_sockaddr(s, off, w);
	case OP_TUPLE:
		return op_tuple(s, off, w);
	case OP_FDLIST:
		return op_fdlist(s, off, w);
	case OP_BYTES:
		return op_bytes(s, off, w);
	case OP_CASE:
		return op_case(s, off, w);
	case OP_EACH:
		return op_each(s, off, w);
	}
	return off;
}

#endif
