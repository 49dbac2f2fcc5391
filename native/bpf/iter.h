/* What exists when a capture starts: every thread and every open file, through BPF iterators. */
#ifndef KSYS_ITER_H
#define KSYS_ITER_H

#include "special_exec.h"
#include "follow.h"

static __always_inline void caps_of(const struct cred *c, struct ksys_task *r)
{
	bpf_probe_read_kernel(&r->cap_inheritable, 8, (void *)c + bpf_core_field_offset(struct cred, cap_inheritable));
	bpf_probe_read_kernel(&r->cap_permitted, 8, (void *)c + bpf_core_field_offset(struct cred, cap_permitted));
	bpf_probe_read_kernel(&r->cap_effective, 8, (void *)c + bpf_core_field_offset(struct cred, cap_effective));
}

SEC("iter/task")
int iter_task(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	struct ksys_task r = {};
	struct mm_struct *mm;
	struct pid *group;
	const struct cred *c;
	if (!t)
		return 0;
	/* its files are read after this: from here on none of their changes is missed */
	if (!FOLLOW_ALL && may_pass(t, NULL) && !is_followed(t))
		follow(t);
	mm = BPF_CORE_READ(t, mm);
	c = BPF_CORE_READ(t, cred);
	group = BPF_CORE_READ(t, signal, pids[KPID_PGID]);
	r.tid = t->pid;
	r.pid = t->tgid;
	r.ptid = BPF_CORE_READ(t, real_parent, tgid);
	r.vtid = own_nr(BPF_CORE_READ(t, thread_pid));
	r.vpid = own_nr(BPF_CORE_READ(t, group_leader, thread_pid));
	r.uid = BPF_CORE_READ(c, euid.val);
	r.gid = BPF_CORE_READ(c, egid.val);
	r.loginuid = login_uid(t);
	r.tty = tty_nr(t);
	r.sid = init_nr(BPF_CORE_READ(t, signal, pids[KPID_SID]));
	r.pgid = init_nr(group);
	r.vpgid = own_nr(group);
	r.fdlimit = fd_limit(t);
	r.pgft_maj = t->maj_flt;
	r.pgft_min = t->min_flt;
	r.start = t->start_boottime;
	r.kernel = !mm;
	r.pidns_start = ns_birth(t);
	if (r.pidns_start)
		r.pidns_start += config.boot_epoch;
	if (BPF_CORE_READ(t, files) == BPF_CORE_READ(t, group_leader, files))
		r.shared |= SHARED_FILES;
	if (BPF_CORE_READ(t, fs) == BPF_CORE_READ(t, group_leader, fs))
		r.shared |= SHARED_FS;
	caps_of(c, &r);
	if (mm) {
		struct file *f = BPF_CORE_READ(mm, exe_file);
		struct inode *i = f ? BPF_CORE_READ(f, f_inode) : NULL;
		u32 vm[3];
		read_vm(t, mm, vm);
		r.vm_size = vm[0];
		r.vm_rss = vm[1];
		r.vm_swap = vm[2];
		if (i) {
			r.exe_ino = BPF_CORE_READ(i, i_ino);
			r.exe_ctime = ctime_of(i);
			r.exe_mtime = mtime_of(i);
			r.exe_flags = exe_flags_of(c, f);
		}
	}
	bpf_probe_read_kernel(r.comm, sizeof(r.comm), t->comm);
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	return 0;
}

static __always_inline void fill_socket(struct ksys_file *r, struct sock *sk)
{
	r->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	r->type = BPF_CORE_READ(sk, sk_type);
	r->proto = BPF_CORE_READ(sk, sk_protocol);
	r->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	r->sk = (u64)sk;
	if (bpf_core_field_exists(sk->__sk_common.skc_net))
		r->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (r->family == AF_UNIX)
		r->peer = (u64)BPF_CORE_READ((struct unix_sock *)sk, peer);
	if (r->family != AF_INET && r->family != AF_INET6)
		return;
	r->lport = BPF_CORE_READ(sk, __sk_common.skc_num);
	r->rport = SWAP16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (r->family == AF_INET) {
		BPF_CORE_READ_INTO((u32 *)r->lip, sk, __sk_common.skc_rcv_saddr);
		BPF_CORE_READ_INTO((u32 *)r->rip, sk, __sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO((struct in6_addr *)r->lip, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO((struct in6_addr *)r->rip, sk, __sk_common.skc_v6_daddr);
	}
}

SEC("iter/task_file")
int iter_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *t = ctx->task;
	struct file *f = ctx->file;
	struct ksys_file r = {};
	struct walk *w;
	struct sock *sk;
	struct inode *i;
	u32 zero = 0, len;
	long n;
	if (!t || !f)
		return 0;
	w = bpf_map_lookup_elem(&iter_walks, &zero);
	if (!w)
		return 0;
	i = BPF_CORE_READ(f, f_inode);
	r.tid = t->pid;
	r.pid = t->tgid;
	r.fd = ctx->fd;
	r.mode = BPF_CORE_READ(i, i_mode);
	r.dev = user_dev(BPF_CORE_READ(i, i_sb, s_dev));
	r.ino = BPF_CORE_READ(i, i_ino);
	r.flags = fd_flags(t, f, ctx->fd);
	sk = sock_of(f);
	n = bpf_d_path(&f->f_path, (char *)w->buf, 4096);
	len = n > 0 ? (n - 1) & 4095 : 0;
	r.path_len = len;
	if (sk) {
		fill_socket(&r, sk);
		if (r.family == AF_UNIX) {
			struct unix_address *a = BPF_CORE_READ((struct unix_sock *)sk, addr);
			int sun = a ? BPF_CORE_READ(a, len) - 2 : 0;
			if (sun > 0 && sun <= SUN_PATH) {
				u32 size = sun;
				BARRIER(len);
				BARRIER(size);
				if (!bpf_probe_read_kernel(w->buf + (len & 4095), size & 127,
							   (void *)a + bpf_core_field_offset(struct unix_address, name) + 2))
					r.sun_len = sun;
			}
		}
	}
	len = r.path_len + r.sun_len;
	len = (len + 7) & ~7u;
	r.size = sizeof(r) + len;
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	len &= 8191;
	BARRIER(len);
	if (len && len <= sizeof(w->buf))
		bpf_seq_write(ctx->meta->seq, w->buf, len);
	return 0;
}

#endif
