/* From a descriptor number to its file, its inode and its socket. */
#ifndef KSYS_FILE_H
#define KSYS_FILE_H

#include "row.h"

/* A file's pointer in a descriptor table, read without a helper: cast to any structure that starts with a pointer. */
static __always_inline void *cast_slot(void *slot)
{
	return CAST(slot, list_head)->next;
}

/* The open file of the current process with a descriptor number; NULL if there is none. */
static __always_inline struct file *file_of(s64 fd)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
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

/* The same, without a helper if direct reads are possible. The verifier then knows the pointer's type: the pointer cannot be
 * passed to a function as a number. */
static __always_inline struct file *file_to_read(s64 fd)
{
	struct files_struct *files;
	struct fdtable *fdt;
	if (!CAN_CAST)
		return file_of(fd);
	files = loose(bpf_get_current_task_btf())->files;
	fdt = files ? files->fdt : NULL;
	return fdt && (u64)fd < fdt->max_fds ? cast_slot((void *)fdt->fd + (u32)fd * sizeof(void *)) : NULL;
}

/* Whether a file of file_to_read() is a socket. */
static __always_inline bool is_socket(struct file *f)
{
	struct inode *i = READ_AT(f, file, f_inode);
	return (READ_AT(i, inode, i_mode) & S_IFMT) == S_IFSOCK;
}

#define O_CLOEXEC 02000000

/* The flags of an open file, and whether exec closes this number for it. */
static __always_inline u32 fd_flags(struct task_struct *t, struct file *f, u32 fd)
{
	unsigned long *bits = BPF_CORE_READ(t, files, fdt, close_on_exec);
	u32 flags = BPF_CORE_READ(f, f_flags) & ~O_CLOEXEC;
	u64 word = 0;
	if (bits)
		bpf_probe_read_kernel(&word, sizeof(word), bits + fd / 64);
	return word >> (fd & 63) & 1 ? flags | O_CLOEXEC : flags;
}

static __always_inline struct sock *sock_of(struct file *f)
{
	struct socket *so;
	if (!f || (BPF_CORE_READ(f, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	so = BPF_CORE_READ(f, private_data);
	return so ? BPF_CORE_READ(so, sk) : NULL;
}

/* Overlayfs stores the upper dentry after the inode: if there is one, the file is in the upper layer. */
enum { LAYER_NONE, LAYER_UPPER, LAYER_LOWER };
static __always_inline u32 layer_of(struct inode *i)
{
	u64 upper = 0;
	if (BPF_CORE_READ(i, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return LAYER_NONE;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)i + bpf_core_type_size(struct inode));
	return upper ? LAYER_UPPER : LAYER_LOWER;
}

/* The properties of the file of a descriptor that the current process just opened. */
static __always_inline void file_facts_of(s64 fd, struct file_facts *facts)
{
	struct task_struct *t = loose(bpf_get_current_task_btf());
	struct files_struct *files = t->files;
	facts->there = false;
	if (CAN_CAST) {
		struct fdtable *fdt = files ? files->fdt : NULL;
		struct super_block *sb;
		struct inode *i;
		struct file *f;
		void *slot;
		if (!fdt || (u64)fd >= fdt->max_fds)
			return;
		slot = cast_slot((void *)fdt->fd + (u32)fd * sizeof(void *));
		if (!slot)
			return;
		f = CAST(slot, file);
		i = f->f_inode;
		sb = i->i_sb;
		facts->mode = f->f_mode;
		facts->ino = i->i_ino;
		facts->dev = sb->s_dev;
		facts->layer = sb->s_magic == OVERLAYFS_SUPER_MAGIC ? layer_of((void *)BPF_CORE_READ(f, f_inode)) : LAYER_NONE;
	} else {
		struct file *f = file_of(fd);
		struct inode *i = f ? BPF_CORE_READ(f, f_inode) : NULL;
		if (!i)
			return;
		facts->mode = BPF_CORE_READ(f, f_mode);
		facts->ino = BPF_CORE_READ(i, i_ino);
		facts->dev = BPF_CORE_READ(i, i_sb, s_dev);
		facts->layer = layer_of(i);
	}
	facts->there = true;
}

/* The device number as user space encodes it (stat's st_dev in 32 bits). */
static __always_inline u32 user_dev(u32 dev)
{
	u32 major = dev >> 20, minor = dev & 0xfffff;
	return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}

#endif
