/* accept's queue, socketpair's ends, socket options */
#ifndef KSYS_SPECIAL_SOCK_H
#define KSYS_SPECIAL_SOCK_H

#include "ops.h"

/* queuepct, queuelen, queuemax of the listening socket */
__noinline u32 special_accept(struct scratch *s, u32 off, u64 w)
{
	struct sock *sk;
	u32 len = 0, max = 0;
	if (!s)
		return off;
	sk = sock_of(file_of((s32)s->args[0]));
	if (sk) {
		len = BPF_CORE_READ(sk, sk_ack_backlog);
		max = BPF_CORE_READ(sk, sk_max_ack_backlog);
	}
	off = put32(s, off, max ? (u64)len * 100 / max : 0);
	off = put32(s, off, len);
	return put32(s, off, max);
}

/* kernel addresses of the two ends */
__noinline u32 special_socketpair(struct scratch *s, u32 off, u64 w)
{
	s32 fds[2] = { -1, -1 };
	u64 first, second;
	if (!s)
		return off;
	if (!failed(s))
		bpf_probe_read_user(fds, sizeof(fds), (void *)s->args[3]);
	first = (u64)sock_of(file_of(fds[0]));
	second = (u64)sock_of(file_of(fds[1]));
	if (!first)
		s->rec.absent |= 3u << OP_PARAM(w);
	off = put64(s, off, first);
	return put64(s, off, second);
}

#define SO_ERROR 4
#define SO_COOKIE 57
enum { OPT_BYTES, OPT_ERRNO, OPT_U32, OPT_U64, OPT_TIME };
/* SOL_SOCKET options whose value is an int */
#define BIT(n) (1ull << (n))
#define INT_OPTIONS                                                                                                    \
	(BIT(1) | BIT(2) | BIT(3) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) | BIT(10) | BIT(11) | BIT(12) | BIT(15) |   \
	 BIT(16) | BIT(18) | BIT(19) | BIT(29) | BIT(30) | BIT(32) | BIT(33) | BIT(34) | BIT(35) | BIT(36) | BIT(37) |     \
	 BIT(38) | BIT(39) | BIT(40) | BIT(41) | BIT(42) | BIT(43) | BIT(44) | BIT(45) | BIT(46) | BIT(47) | BIT(48) |     \
	 BIT(49))

__noinline u32 special_sockopt(struct scratch *s, u32 off, u64 w, u32 get)
{
	u32 level, name, n, o = off + 2;
	u64 ptr, len, v[2] = {};
	if (!s)
		return off;
	level = s->args[1];
	name = s->args[2];
	ptr = s->args[3];
	len = s->args[4];
	if (get) {
		s32 got = 0;
		bpf_probe_read_user(&got, 4, (void *)len);
		len = got;
	}
	if (!ptr || (get && failed(s)))
		return put_none(s, off, OP_PARAM(w));
	if (level == SOL_SOCKET && (name == 20 || name == 21 || name == 66 || name == 67) && !s->compat) {
		if (bpf_probe_read_user(v, 16, (void *)ptr))
			return put_none(s, off, OP_PARAM(w));
		o = put8(s, o, OPT_TIME);
		o = put64(s, o, v[0] * 1000000000ull + v[1] * 1000);
	} else if (level == SOL_SOCKET && name == SO_COOKIE) {
		if (bpf_probe_read_user(v, 8, (void *)ptr))
			return put_none(s, off, OP_PARAM(w));
		o = put64(s, put8(s, o, OPT_U64), v[0]);
	} else if (level == SOL_SOCKET && name == SO_ERROR) {
		if (bpf_probe_read_user(v, 4, (void *)ptr))
			return put_none(s, off, OP_PARAM(w));
		o = put64(s, put8(s, o, OPT_ERRNO), -(s64)(s32)v[0]);
	} else if (level == SOL_SOCKET ? name < 64 && (INT_OPTIONS >> name & 1) : len == 4) {
		if (bpf_probe_read_user(v, 4, (void *)ptr))
			return put_none(s, off, OP_PARAM(w));
		o = put32(s, put8(s, o, OPT_U32), v[0]);
	} else {
		if (config.plan.spare & SPARE_BUFFERS && !case_at(OP_SIZE(w), level << 16 | (name & 0xffff)))
			return put_none(s, off, OP_PARAM(w));
		n = len > 255 ? 255 : len;
		n &= 255;
		BARRIER(n);
		o = put8(s, o, OPT_BYTES);
		if (bpf_probe_read_user(at(s, o), n & 255, (void *)ptr))
			return put_none(s, off, OP_PARAM(w));
		o += n;
	}
	put16(s, off, o - off - 2);
	return o;
}

#endif
