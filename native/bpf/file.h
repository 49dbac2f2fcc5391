/* From a descriptor number to its file, its inode and its socket. */
#ifndef KSYS_FILE_H
#define KSYS_FILE_H

#include "row.h"

/* The open file of the current process behind a descriptor; NULL when there is none. */
static __always_inline struct file *file_of(s64 fd)
{
	struct task_struct *t = bpf_get_current_task_btf();
	struct files_struct *files = t->files;
	struct file *f = NULL;
	if (!files || fd < 0)
		return NULL;
	struct fdtable *fdt = files->fdt;
	if (!fdt || fd >= fdt->max_fds)
		return NULL;
	bpf_probe_read_kernel(&f, sizeof(f), (void *)fdt->fd + (u32)fd * sizeof(f));
	return f;
}

static __always_inline struct sock *sock_of(struct file *f)
{
	struct socket *so;
	if (!f || (BPF_CORE_READ(f, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	so = BPF_CORE_READ(f, private_data);
	return so ? BPF_CORE_READ(so, sk) : NULL;
}

/* The device number as user space encodes it (stat's st_dev in 32 bits). */
static __always_inline u32 user_dev(u32 dev)
{
	u32 major = dev >> 20, minor = dev & 0xfffff;
	return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}

#endif
