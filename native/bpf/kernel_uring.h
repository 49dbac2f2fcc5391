/* The structures of io_uring that the programs read, like those in kernel.h. */
#ifndef KSYS_KERNEL_URING_H
#define KSYS_KERNEL_URING_H

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct io_cqe {
	u64 user_data;
	s32 res;
	int fd; /* until the request is completed */
};
struct io_wq_work_node {
	struct io_wq_work_node *next;
};
struct io_submit_state {
	struct io_wq_work_node free_list;
};
struct percpu_ref;
struct percpu_ref_data {
	struct percpu_ref *ref;
};
struct percpu_ref {
	unsigned long percpu_count_ptr;
	struct percpu_ref_data *data;
};
struct io_ring_ctx {
	struct percpu_ref refs;
	u32 flags;
	u32 int_flags;
	struct io_submit_state submit_state;
};
struct io_ring_ctx___old { /* its flags were bits of their own: 6.18 */
	u32 drain_active : 1;
};
struct io_uring_task {
	struct task_struct *task;
};
struct io_kiocb {
	struct file *file;
	u8 opcode;
	u64 flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
	struct io_uring_task *tctx;
	struct io_wq_work_node comp_list;
	atomic_t poll_refs;
	void *async_data;
};
struct io_uring_cqe {
	u64 user_data;
	s32 res;
	u32 flags;
};
struct filename {
	const char *name;
};
struct delayed_filename {
	struct filename *__incomplete_filename;
};
struct xattr_name {
	char name[256];
};
struct kernel_xattr_ctx {
	struct xattr_name *kname;
};
struct msghdr {
	void *msg_control_user;
	unsigned long msg_controllen;
};
struct io_async_msghdr {
	unsigned long controllen;
	struct msghdr msg;
};
/* of operations: they start where the request starts */
struct io_open {
	int dfd;
	u32 file_slot;
	struct filename *filename;
};
struct io_open___delayed { /* since 7.0, as in the others below */
	struct delayed_filename filename;
};
struct io_statx {
	int dfd;
	struct filename *filename;
};
struct io_statx___delayed {
	struct delayed_filename filename;
};
struct io_unlink {
	int dfd;
	struct filename *filename;
};
struct io_unlink___delayed {
	struct delayed_filename filename;
};
struct io_mkdir {
	int dfd;
	struct filename *filename;
};
struct io_mkdir___delayed {
	struct delayed_filename filename;
};
struct io_rename {
	int old_dfd, new_dfd;
	struct filename *oldpath, *newpath;
};
struct io_rename___delayed {
	struct delayed_filename oldpath, newpath;
};
struct io_link {
	int old_dfd, new_dfd;
	struct filename *oldpath, *newpath;
};
struct io_link___delayed {
	struct delayed_filename oldpath, newpath;
};
struct io_xattr {
	struct kernel_xattr_ctx ctx;
	struct filename *filename;
};
struct io_xattr___delayed {
	struct delayed_filename filename;
};
struct io_accept {
	u32 file_slot;
};
struct io_socket {
	u32 file_slot;
};
struct io_close {
	int fd;
	u32 file_slot;
};
struct io_pipe {
	int *fds;
	u32 file_slot;
};
struct io_sr_msg {
	void *umsg;
	u16 flags;
};
struct io_cancel {
	u32 flags;
	s32 fd;
};
struct io_splice {
	int splice_fd_in;
	u32 flags;
};

#pragma clang attribute pop

#endif
