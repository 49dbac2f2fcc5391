/* execve, execveat */
#ifndef KSYS_SPECIAL_EXEC_H
#define KSYS_SPECIAL_EXEC_H

#include "special_process.h"

enum { EXE_WRITABLE = 1, EXE_UPPER_LAYER = 2, EXE_FROM_MEMFD = 4, EXE_LOWER_LAYER = 8 };

/* Since 6.13 the highest bit records that the time was queried. */
#define CTIME_NSEC 0x7fffffff

static __always_inline u64 ctime_of(struct inode *i)
{
	struct inode___ts64 *a = (void *)i;
	struct inode___under *b = (void *)i;
	if (bpf_core_field_exists(i->i_ctime_sec))
		return BPF_CORE_READ(i, i_ctime_sec) * 1000000000ull + (BPF_CORE_READ(i, i_ctime_nsec) & CTIME_NSEC);
	if (bpf_core_field_exists(b->__i_ctime))
		return BPF_CORE_READ(b, __i_ctime.tv_sec) * 1000000000ull + BPF_CORE_READ(b, __i_ctime.tv_nsec);
	return BPF_CORE_READ(a, i_ctime.tv_sec) * 1000000000ull + BPF_CORE_READ(a, i_ctime.tv_nsec);
}
static __always_inline u64 mtime_of(struct inode *i)
{
	struct inode___ts64 *a = (void *)i;
	struct inode___under *b = (void *)i;
	if (bpf_core_field_exists(i->i_mtime_sec))
		return BPF_CORE_READ(i, i_mtime_sec) * 1000000000ull + BPF_CORE_READ(i, i_mtime_nsec);
	if (bpf_core_field_exists(b->__i_mtime))
		return BPF_CORE_READ(b, __i_mtime.tv_sec) * 1000000000ull + BPF_CORE_READ(b, __i_mtime.tv_nsec);
	return BPF_CORE_READ(a, i_mtime.tv_sec) * 1000000000ull + BPF_CORE_READ(a, i_mtime.tv_nsec);
}

/* Whether a process with these credentials may write to its own program, by owner, group and mode (no ACLs). */
static __always_inline bool may_write(const struct cred *c, struct inode *i)
{
	u16 mode = BPF_CORE_READ(i, i_mode);
	u64 caps = 0;
	bpf_probe_read_kernel(&caps, 8, (void *)c + bpf_core_field_offset(struct cred, cap_effective));
	if (caps >> 1 & 1) /* CAP_DAC_OVERRIDE */
		return true;
	if (BPF_CORE_READ(c, euid.val) == BPF_CORE_READ(i, i_uid.val))
		return mode & 0200;
	if (BPF_CORE_READ(c, egid.val) == BPF_CORE_READ(i, i_gid.val))
		return mode & 0020;
	return mode & 0002;
}

static __always_inline u32 exe_flags_of(const struct cred *c, struct file *f)
{
	struct inode *i = BPF_CORE_READ(f, f_inode);
	u32 flags = 0;
	char name[8] = {};
	if (!i)
		return 0;
	if (may_write(c, i))
		flags |= EXE_WRITABLE;
	if (BPF_CORE_READ(i, i_sb, s_magic) == OVERLAYFS_SUPER_MAGIC) {
		/* overlayfs stores the upper dentry right after the inode that it embeds */
		u64 upper = 0;
		bpf_probe_read_kernel(&upper, 8, (void *)i + bpf_core_type_size(struct inode));
		flags |= upper ? EXE_UPPER_LAYER : EXE_LOWER_LAYER;
	}
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(f, f_path.dentry, d_name.name));
	if (BPF_CORE_READ(i, i_nlink) == 0 && *(u32 *)name == 0x666d656d) /* "memf" */
		flags |= EXE_FROM_MEMFD;
	return flags;
}

/* exe_ino exe_ino_ctime exe_ino_mtime of an inode (a pointer as a number) */
static __noinline u32 put_exe_inode(struct scratch *s, u32 off, u64 inode)
{
	struct inode *i = (void *)inode;
	off = put64(s, off, i ? BPF_CORE_READ(i, i_ino) : 0);
	off = put64(s, off, i ? ctime_of(i) : 0);
	return put64(s, off, i ? mtime_of(i) : 0);
}

/* tty vpgid loginuid flags, then the capabilities */
static __noinline u32 put_exec_rights(struct scratch *s, u32 off, struct task_struct *t)
{
	struct file *f = BPF_CORE_READ(t, mm, exe_file);
	const struct cred *c = t->cred;
	off = put32(s, off, tty_nr(t));
	off = put32(s, off, own_nr(BPF_CORE_READ(t, signal, pids[KPID_PGID])));
	off = put32(s, off, login_uid(t));
	off = put32(s, off, f ? exe_flags_of(c, f) : 0);
	return put_caps(s, off, c);
}

/* Consists of several functions: inlined into one, their stacks would be too large. */
static __always_inline u32 exec_fixed(struct scratch *s, u32 off, struct task_struct *t)
{
	off = put_identity(s, off, t);
	off = put_exec_rights(s, off, t);
	off = put_exe_inode(s, off, (u64)BPF_CORE_READ(t, mm, exe_file, f_inode));
	off = put32(s, off, t->cred->euid.val);
	off = put32(s, off, init_nr(BPF_CORE_READ(t, signal, pids[KPID_PGID])));
	return put32(s, off, t->cred->egid.val);
}

static __always_inline u32 exec_var(struct scratch *s, u32 off, struct task_struct *t, u32 argv)
{
	bool bad = failed(s);
	if (bad && s->compat) {
		off = put_none(s, put_none(s, off, 1), 2);
	} else if (bad) {
		u64 first = 0;
		bpf_probe_read_user(&first, 8, (void *)ARG(s, argv));
		off = put_user_str(s, off, first, 1);
		off = put_strings(s, off, ARG(s, argv) && !(config.plan.spare & SPARE_ARGS) ? ARG(s, argv) + 8 : 0, 2);
	} else
		off = put_command(s, off);
	struct fs_struct *fs = t->fs;
	off = fs ? put_path(s, off, (u64)BPF_CORE_READ(fs, pwd.mnt), (u64)BPF_CORE_READ(fs, pwd.dentry), 6) : put_none(s, off, 6);
	off = put_comm(s, off, t, 13);
	off = put_cgroups(s, off, bpf_get_current_task());
	if (bad)
		off = s->compat || config.plan.spare & SPARE_ENV ? put_none(s, off, 15) : put_strings(s, off, ARG(s, argv + 1), 15);
	else {
		struct mm_struct *mm = t->mm;
		u64 start = mm ? mm->env_start : 0, n = mm ? mm->env_end - start : 0;
		off = config.plan.spare & SPARE_ENV ? put_none(s, off, 15) : put_user(s, off, start, n > KSYS_MAX_ARGS ? KSYS_MAX_ARGS : n, 15);
		/* the memory that filename pointed to no longer exists; the kernel stored the path after the environment, for paths too
		 * long to be saved */
		s->args[0] = start + n;
	}
	return put_file_path(s, off, BPF_CORE_READ(t, mm, exe_file), 27);
}

__noinline u32 special_exec(struct scratch *s, u32 off, u64 w, u32 argv)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	if (!s)
		return off;
	return OP_B(w) ? exec_var(s, off, t, argv) : exec_fixed(s, off, t);
}

#endif
