/* sendmmsg and recvmmsg: one record for the call, with the size and the data of all its messages. */
#ifndef KSYS_SPECIAL_MMSG_H
#define KSYS_SPECIAL_MMSG_H

#include "ops.h"

#define MMSGS 64

struct mmsg { /* struct mmsghdr */
	struct msg hdr;
	u32 len, pad;
};

/* Number of messages: those transferred, or all that were requested if none was. */
static __always_inline u64 messages(struct scratch *s)
{
	return failed(s) ? s->args[2] : s->rec.ret;
}

static __always_inline bool read_mmsg(struct scratch *s, u32 i, struct mmsg *m)
{
	return !bpf_probe_read_user(m, sizeof(*m), (void *)s->args[1] + i * sizeof(*m));
}

/* Appends at most `limit` bytes of an iovec array at o; returns the offset after them. */
__noinline u32 add_iov(struct scratch *s, u32 o, u64 ptr, u64 cnt, u32 limit)
{
	struct iov v;
	if (!s)
		return o;
	for (int i = 0; i < MAX_IOV; i++) {
		if (i >= cnt || !limit || bpf_probe_read_user(&v, sizeof(v), (void *)ptr + i * sizeof(v)))
			break;
		u32 n = v.len < limit ? v.len : limit;
		n &= OFF_MASK;
		BARRIER(n);
		if (bpf_probe_read_user(at(s, o), n & OFF_MASK, (void *)v.base))
			break;
		o += n;
		limit -= n;
	}
	return o;
}

/* The size of the i-th message; ~0: unreadable. */
__noinline u64 size_of_message(struct scratch *s, u32 i)
{
	struct mmsg m;
	return s && read_mmsg(s, i, &m) ? iov_sum(m.hdr.iov, m.hdr.iovlen, 0) : ~0ull;
}

/* Appends the data of the i-th message at o, which ends before `end`; returns the offset after it, 0: unreadable. */
__noinline u32 add_message(struct scratch *s, u32 o, u32 i, u32 end)
{
	struct mmsg m;
	u32 left, room = end - o;
	if (!s || !read_mmsg(s, i, &m))
		return 0;
	left = failed(s) ? ~0u : m.len;
	return add_iov(s, o, m.hdr.iov, m.hdr.iovlen, left < room ? left : room);
}

/* size (fixed), data (variable); of the first MMSGS messages */
__noinline u32 special_mmsg(struct scratch *s, u32 off, u64 w, u32 receives)
{
	u32 o = off + 2, left, end, next;
	u64 sum = 0, count, size;
	bool bad;
	if (!s)
		return off;
	bad = s->compat || size_of_message(s, 0) == ~0ull;
	count = messages(s);
	BARRIER(count);
	if (!OP_B(w)) {
		for (int i = 0; i < MMSGS; i++) {
			if (bad || i >= count)
				break;
			size = size_of_message(s, i);
			if (size == ~0ull)
				break;
			sum += size;
		}
		if (bad)
			absent(s, OP_PARAM(w));
		return put32(s, off, sum);
	}
	left = data_limit(s);
	if (left > KSYS_MAX_ROW - 8192)
		left = KSYS_MAX_ROW - 8192;
	if (bad || s->hidden || !left || (failed(s) && receives))
		return put_none(s, off, OP_PARAM(w));
	end = o + left;
	for (int i = 0; i < MMSGS; i++) {
		if (i >= count || o >= end)
			break;
		next = add_message(s, o, i, end);
		if (!next)
			break;
		o = next;
	}
	put16(s, off, o - off - 2);
	return o;
}

#endif
