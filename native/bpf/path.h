/* Absolute paths from a mount and a dentry, as the current process would name them. */
#ifndef KSYS_PATH_H
#define KSYS_PATH_H

#include "row.h"

#define MAX_DEPTH 64

static __always_inline struct mount *mount_of(struct vfsmount *m)
{
	return (void *)m - bpf_core_field_offset(struct mount, mnt);
}

#define FROM_INITIAL_ROOT 256

/* One step up: prepends a component to the buffer, or crosses a mount point. Returns AT_TOP, or NO_ROOM if it does not fit, else 0. */
enum { AT_TOP = 1, NO_ROOM = 2 };
__noinline int walk_up(struct walk *w)
{
	struct dentry *d, *up;
	struct vfsmount *mnt;
	u32 n, pos;
	if (!w)
		return AT_TOP;
	d = w->d;
	mnt = w->mnt;
	if (d == w->root && mnt == w->root_mnt)
		return AT_TOP;
	if (d == BPF_CORE_READ(mnt, mnt_root)) {
		struct mount *m = mount_of(mnt), *parent = BPF_CORE_READ(m, mnt_parent);
		if (parent == m || !parent)
			return AT_TOP;
		w->d = BPF_CORE_READ(m, mnt_mountpoint);
		w->mnt = (void *)parent + bpf_core_field_offset(struct mount, mnt);
		return 0;
	}
	up = BPF_CORE_READ(d, d_parent);
	if (up == d || !up)
		return AT_TOP;
	n = BPF_CORE_READ(d, d_name.len) & 255;
	pos = w->pos;
	if (pos < n + 1)
		return NO_ROOM;
	pos = (pos - n - 1) & 4095;
	BARRIER(pos);
	w->buf[pos] = '/';
	BARRIER(n);
	bpf_probe_read_kernel(w->buf + pos + 1, n & 255, BPF_CORE_READ(d, d_name.name));
	w->pos = pos;
	w->d = up;
	return 0;
}

/* The path as a variable parameter, from the current root (with FROM_INITIAL_ROOT in param: from the mount namespace's). A
 * path deeper than MAX_DEPTH or longer than 4 KB loses its leading components, which "..." replaces. */
__noinline u32 put_path(struct scratch *s, u32 off, u64 vfsmnt, u64 dent, u32 param)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct fs_struct *fs = t->fs;
	u32 zero = 0, n, pos;
	int end = 0;
	struct walk *w = bpf_map_lookup_elem(&walks, &zero);
	if (!s || !w)
		return off;
	t = (void *)s->task;
	if (t)
		fs = BPF_CORE_READ(t, fs);
	w->d = (void *)dent;
	w->mnt = (void *)vfsmnt;
	w->root = NULL;
	w->root_mnt = NULL;
	w->pos = 4096;
	if (fs && !(param & FROM_INITIAL_ROOT)) {
		w->root = BPF_CORE_READ(fs, root.dentry);
		w->root_mnt = BPF_CORE_READ(fs, root.mnt);
	}
	for (int i = 0; i < MAX_DEPTH; i++) {
		end = walk_up(w);
		if (end)
			break;
	}
	pos = w->pos;
	if (end != AT_TOP) {
		pos = pos < 4 ? 1 : pos - 3;
		pos &= 4095;
		BARRIER(pos);
		w->buf[pos] = w->buf[pos + 1] = w->buf[pos + 2] = '.';
	} else if (pos >= 4096) {
		pos = 4095;
		w->buf[pos] = '/';
	}
	n = (4096 - pos) & 4095;
	pos &= 4095;
	BARRIER(pos);
	return put_kernel(s, off, w->buf + pos, n, param & 255);
}

/* The current process's root. */
static __always_inline u32 put_root(struct scratch *s, u32 off, u32 param)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct fs_struct *fs = t->fs;
	if (!fs)
		return put_none(s, off, param);
	return put_path(s, off, (u64)BPF_CORE_READ(fs, root.mnt), (u64)BPF_CORE_READ(fs, root.dentry), param | FROM_INITIAL_ROOT);
}

/* A file outside the tree has at most a name ("memfd:..."): it is used as a path, as in /proc. */
__noinline u32 put_pseudo(struct scratch *s, u32 off, u64 dent, u32 param)
{
	struct dentry *d = (void *)dent;
	if (!s)
		return off;
	*(u8 *)at(s, off + 2) = '/';
	long n = bpf_probe_read_kernel_str(at(s, off + 3), 256, BPF_CORE_READ(d, d_name.name));
	if (n <= 1 || *(u8 *)at(s, off + 3) == '/')
		return put_none(s, off, param);
	put16(s, off, n);
	return off + 2 + n;
}

static __always_inline u32 put_file_path(struct scratch *s, u32 off, struct file *f, u32 param)
{
	struct dentry *d = f ? BPF_CORE_READ(f, f_path.dentry) : NULL;
	if (!d)
		return put_none(s, off, param);
	if (BPF_CORE_READ(d, d_parent) == d && BPF_CORE_READ(f, f_path.mnt, mnt_root) != d)
		return put_pseudo(s, off, (u64)d, param);
	return put_path(s, off, (u64)BPF_CORE_READ(f, f_path.mnt), (u64)BPF_CORE_READ(f, f_path.dentry), param);
}

#endif
