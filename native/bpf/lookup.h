/* Name lookups of programs: which calls move data from or to a DNS server, or systemd-resolved. Their data are recorded whatever the
 * filter passes, if a field needs the names of addresses. */
#ifndef KSYS_LOOKUP_H
#define KSYS_LOOKUP_H

#include "args.h"
#include "fill.h"

/* Beside DESC_* in an event's flags: the call is part of a name lookup. */
#define FLAG_LOOKUP (1u << 16)
#define DNS_PORT 53
/* The end of /run/systemd/resolve/io.systemd.Resolve, without its NUL. */
#define RESOLVED_BYTES 24
static const char resolved_end[RESOLVED_BYTES + 1] = "solve/io.systemd.Resolve";

/* Whether the current process's descriptor is a socket. */
static __always_inline bool is_socket_fd(s64 fd)
{
	struct file *f = file_to_read(fd);
	return f && is_socket(f);
}

/* Whether a unix socket is connected to that of systemd-resolved. */
static __always_inline bool connected_to_resolved(struct sock *sk)
{
	u64 path, end[RESOLVED_BYTES / 8] = {};
	const u64 *wanted = (const u64 *)resolved_end;
	u32 len = unix_name(BPF_CORE_READ((struct unix_sock *)sk, peer), &path);
	if (len <= RESOLVED_BYTES || len > SUN_PATH)
		return false;
	if (bpf_probe_read_kernel(end, sizeof(end), (void *)path + len - 1 - RESOLVED_BYTES))
		return false;
	return end[0] == wanted[0] && end[1] == wanted[1] && end[2] == wanted[2];
}

/* The remote port of an unconnected socket: that of the address in user memory which the call sent to or received from. */
static __always_inline u16 port_of_address(struct scratch *s, u32 how, u16 family)
{
	u32 n = how >> KSYS_LOOKUP_PEER & 7;
	u64 name[2] = {}, addr;
	u16 port = 0;
	if (!n)
		return 0;
	addr = how & KSYS_LOOKUP_MESSAGE ? (read_msg(s, n, MSG_NAME, name) ? name[0] : 0) : ARG(s, n);
	if (!names_end(addr, family) || bpf_probe_read_user(&port, 2, (void *)addr + 2))
		return 0;
	return SWAP16(port);
}

/* how: KSYS_LOOKUP_* of the call, whose arguments are in s. */
static __noinline int socket_looks_up(struct scratch *s, u32 how)
{
	struct sock *sk;
	u16 family, port;
	if (!s)
		return 0;
	sk = sock_of(file_of((s32)ARG(s, 0)));
	family = sk ? BPF_CORE_READ(sk, __sk_common.skc_family) : 0;
	if (family == AF_UNIX)
		return connected_to_resolved(sk);
	if (family != AF_INET && family != AF_INET6)
		return 0;
	port = SWAP16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	return (port ? port : port_of_address(s, how, family)) == DNS_PORT;
}

/* Whether a returning call moves data of a name lookup; loads its arguments if so. */
static __always_inline bool looks_up(struct pt_regs *regs, s32 nr, bool compat)
{
	u32 how = config.plan.lookup_calls[nr & (KSYS_MAX_NR - 1)];
	struct scratch *s;
	if (!config.plan.lookups || !how || (!compat && !is_socket_fd((s32)first_arg(regs))))
		return false;
	s = scratch_of(bpf_get_smp_processor_id(), 1);
	if (!s)
		return false;
	load_args(s, regs, compat);
	return socket_looks_up(s, how);
}

#endif
