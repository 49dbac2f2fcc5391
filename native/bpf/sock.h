/* Socket addresses and tuples. Ports are in host order. The source of a tuple is the initiator: the local end for outgoing
 * data, the remote end for incoming data; if neither is known the local end is first. */
#ifndef KSYS_SOCK_H
#define KSYS_SOCK_H

#include "file.h"

#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define SCM_PIDFD 4

#define SWAP16(x) ((u16)((((u16)(x)) << 8) | (((u16)(x)) >> 8)))
#define SUN_PATH 108
#define TUPLE_MSG 1
#define TUPLE_OUT 2
#define TUPLE_IN 4

/* The printable form of a sun_path of `len` bytes at off ('@' starts an abstract one); returns its length. user: the path is
 * in user memory. */
static __always_inline u32 sun_path(struct scratch *s, u32 off, u64 path, u32 len, u32 user)
{
	const void *p = (const void *)path;
	char first = 0;
	u32 n;
	long got;
	if (!len)
		return 0;
	if (len > SUN_PATH)
		len = SUN_PATH;
	if (user ? bpf_probe_read_user(&first, 1, p) : bpf_probe_read_kernel(&first, 1, p))
		return 0;
	if (first) {
		n = (len + 1) & 127;
		BARRIER(n);
		got = user ? bpf_probe_read_user_str(at(s, off), n & 127, p) : bpf_probe_read_kernel_str(at(s, off), n & 127, p);
		return got > 0 ? got - 1 : 0;
	}
	n = (len - 1) & 127;
	if (!n)
		return 0;
	BARRIER(n);
	put8(s, off, '@');
	got = user ? bpf_probe_read_user(at(s, off + 1), n & 127, p + 1) : bpf_probe_read_kernel(at(s, off + 1), n & 127, p + 1);
	return got ? 0 : n + 1;
}

__noinline u32 put_sun_path(struct scratch *s, u32 off, u64 path, u32 len)
{
	return s ? sun_path(s, off, path, len, 1) : 0;
}

/* An address in user memory as a variable parameter: its family and libs' encoding of it, or all of it for other families. */
__noinline u32 put_sockaddr(struct scratch *s, u32 off, u64 ptr, u64 ulen, u32 param)
{
	u16 family = 0, port = 0;
	u32 o = off + 2, len = ulen > 128 ? 128 : ulen;
	if (!s)
		return off;
	if (!ptr || len < 2 || bpf_probe_read_user(&family, 2, (void *)ptr))
		return put_none(s, off, param);
	o = put8(s, o, family);
	if (family == AF_INET) {
		if (len < 8 || bpf_probe_read_user(at(s, o), 4, (void *)ptr + 4))
			return put_none(s, off, param);
		bpf_probe_read_user(&port, 2, (void *)ptr + 2);
		o = put16(s, o + 4, SWAP16(port));
	} else if (family == AF_INET6) {
		if (len < 24 || bpf_probe_read_user(at(s, o), 16, (void *)ptr + 8))
			return put_none(s, off, param);
		bpf_probe_read_user(&port, 2, (void *)ptr + 2);
		o = put16(s, o + 16, SWAP16(port));
	} else if (family == AF_UNIX)
		o += put_sun_path(s, o, ptr + 2, len - 2);
	else {
		len = len > 127 ? 127 : len;
		BARRIER(len);
		if (!bpf_probe_read_user(at(s, o), len & 127, (void *)ptr))
			o += len & 127;
	}
	put16(s, off, o - off - 2);
	return o;
}

/* The bytes of a unix socket's name, and where they are in the kernel; 0: it has none. */
static __always_inline u32 unix_name(struct sock *sk, u64 *path)
{
	struct unix_address *a = sk ? BPF_CORE_READ((struct unix_sock *)sk, addr) : NULL;
	int len = a ? BPF_CORE_READ(a, len) - 2 : 0;
	*path = (u64)a + bpf_core_field_offset(struct unix_address, name) + 2;
	return len > 0 ? len : 0;
}

/* Whether the remote end opened the connection: then the socket has what its listening socket had, a queue for connections
 * or an address that the remote end lacks. */
static __always_inline bool accepted(struct sock *sk)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_UNIX) {
		struct sock *peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
		return peer && BPF_CORE_READ((struct unix_sock *)sk, addr) && !BPF_CORE_READ((struct unix_sock *)peer, addr);
	}
	return (family == AF_INET || family == AF_INET6) && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP &&
	       BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN && BPF_CORE_READ(sk, sk_max_ack_backlog) > 0;
}

/* Whether a socket address in user memory names the remote end of an unconnected socket: it has this family. */
static __always_inline bool names_end(u64 addr, u16 family)
{
	u16 other = 0;
	return addr && !bpf_probe_read_user(&other, 2, (void *)addr) && other == family;
}

/* The tuple of an IPv4 or IPv6 socket (a pointer as a number) from `off` on; returns the offset after it. */
__noinline u32 put_inet_tuple(struct scratch *s, u32 off, u64 sock, u64 addr, u32 flags)
{
	struct sock *sk = (void *)sock;
	struct endpoints *e;
	u64 *from, *to;
	if (!s)
		return off;
	/* what is stored there needs no space on the stack */
	e = &s->work.endpoints;
	e->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	e->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	e->remote_port = SWAP16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (e->family == AF_INET) {
		*(u32 *)e->local = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
		if (!*(u32 *)e->local)
			*(u32 *)e->local = BPF_CORE_READ((struct inet_sock *)sk, inet_saddr);
		*(u32 *)e->remote = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO((struct in6_addr *)e->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)e->remote, sk, __sk_common.skc_v6_daddr);
	}
	if (!e->remote_port && names_end(addr, e->family)) {
		bpf_probe_read_user(&e->remote_port, 2, (void *)addr + 2);
		e->remote_port = SWAP16(e->remote_port);
		if (e->family == AF_INET)
			bpf_probe_read_user(e->remote, 4, (void *)addr + 4);
		else
			bpf_probe_read_user(e->remote, 16, (void *)addr + 8);
	}
	from = flags & TUPLE_IN ? e->remote : e->local;
	to = flags & TUPLE_IN ? e->local : e->remote;
	if (e->family == AF_INET) {
		off = put32(s, off, *(u32 *)from);
		off = put16(s, off, flags & TUPLE_IN ? e->remote_port : e->local_port);
		off = put32(s, off, *(u32 *)to);
	} else {
		off = put64(s, put64(s, off, from[0]), from[1]);
		off = put16(s, off, flags & TUPLE_IN ? e->remote_port : e->local_port);
		off = put64(s, put64(s, off, to[0]), to[1]);
	}
	return put16(s, off, flags & TUPLE_IN ? e->local_port : e->remote_port);
}

/* The same for a unix socket. */
__noinline u32 put_unix_tuple(struct scratch *s, u32 off, u64 sock, u64 addr, u32 flags)
{
	struct sock *sk = (void *)sock, *peer, *from, *to;
	u32 len, user = 0;
	u64 path;
	if (!s)
		return off;
	peer = BPF_CORE_READ((struct unix_sock *)sk, peer);
	from = flags & TUPLE_IN ? peer : sk;
	to = flags & TUPLE_IN ? sk : peer;
	off = put64(s, off, (u64)from);
	off = put64(s, off, (u64)to);
	len = unix_name(to, &path);
	if (!len)
		len = unix_name(from, &path);
	if (!len && names_end(addr, AF_UNIX)) {
		path = addr + 2;
		len = SUN_PATH;
		user = 1;
	}
	return off + sun_path(s, off, path, len, user);
}

/* The tuple of a socket as a variable parameter; addr: a user address of the remote end of an unconnected one. */
__noinline u32 put_tuple(struct scratch *s, u32 off, u64 sock, u64 addr, u32 flags_param)
{
	u32 param = flags_param & 255, flags = flags_param >> 8, o;
	struct sock *sk = (void *)sock;
	u16 family;
	if (!s)
		return off;
	family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;
	o = put8(s, off + 2, family);
	if (family == AF_INET || family == AF_INET6)
		o = put_inet_tuple(s, o, sock, addr, flags);
	else if (family == AF_UNIX)
		o = put_unix_tuple(s, o, sock, addr, flags);
	else
		return put_none(s, off, param);
	put16(s, off, o - off - 2);
	return o;
}

#endif
