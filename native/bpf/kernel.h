/* The kernel structures that the programs read, with only the members that they need. Every access is relocated by libbpf
 * according to the running kernel's BTF, so order and size here are irrelevant. A name with a suffix after ___ is another
 * layout of the same structure in other kernels. */
#ifndef KSYS_KERNEL_H
#define KSYS_KERNEL_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef _Bool bool;
#define false 0
#define true 1

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct { u32 val; } kuid_t;
typedef struct { u32 val; } kgid_t;
typedef struct { u64 val; } kernel_cap_t;

struct thread_info {
#if defined(__TARGET_ARCH_x86)
	u32 status;
	unsigned long syscall_work;
#else
	unsigned long flags;
#endif
};
struct list_head {
	struct list_head *next;
};
struct qstr {
	u32 len;
	const unsigned char *name;
};
struct super_block {
	u32 s_dev;
	unsigned long s_magic;
	struct dentry *s_root;
};
struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};
struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	unsigned long i_ino;
	u32 i_nlink;
	s64 i_mtime_sec, i_ctime_sec;
	u32 i_mtime_nsec, i_ctime_nsec;
};
struct inode___ts64 { /* before 6.6 */
	struct timespec64 i_mtime, i_ctime;
};
struct inode___under { /* 6.6 to 6.10 */
	struct timespec64 __i_mtime, __i_ctime;
};
struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct fs_struct {
	struct path root, pwd;
};
struct file {
	void *private_data;
	struct inode *f_inode;
	u32 f_flags;
	u32 f_mode;
	struct path f_path;
};
struct fdtable {
	u32 max_fds;
	struct file **fd;
	unsigned long *close_on_exec, *open_fds;
};
typedef struct { int counter; } atomic_t;
struct files_struct {
	atomic_t count;
	struct fdtable *fdt;
};
struct percpu_counter {
	s64 count;
};
typedef struct { s64 counter; } atomic64_t;
struct mm_struct {
	unsigned long total_vm, start_code, end_code, arg_start, arg_end, env_start, env_end;
	struct percpu_counter rss_stat[4];
	atomic64_t pgtables_bytes;
	struct file *exe_file;
	void *pgd;
	unsigned long saved_auxv[2];
};
struct mm_rss_stat {
	atomic64_t count[4];
};
struct mm_struct___old { /* before 6.2 */
	struct mm_rss_stat rss_stat;
};
struct task_rss_stat {
	int count[4];
};
struct task_struct___old { /* before 6.2: pages that the thread has not yet added to its memory's counts */
	struct task_rss_stat rss_stat;
};
struct pid_namespace;
struct upid {
	int nr;
	struct pid_namespace *ns;
};
struct pid {
	u32 level;
	struct upid numbers[1];
};
struct rlimit {
	unsigned long rlim_cur, rlim_max;
};
struct tty_driver {
	int major, minor_start;
};
struct tty_struct {
	int index;
	struct tty_driver *driver;
};
struct signal_struct {
	atomic_t live;
	int nr_threads;
	struct list_head thread_head;
	struct tty_struct *tty;
	struct pid *pids[4];
	u32 is_child_subreaper : 1;
	u32 has_child_subreaper : 1;
	short oom_score_adj;
	struct rlimit rlim[16];
};
struct cred {
	kuid_t uid, suid, euid;
	kgid_t gid, sgid, egid;
	kernel_cap_t cap_inheritable, cap_permitted, cap_effective;
};
struct kernfs_node {
	u64 id;
	struct kernfs_node *__parent;
	const char *name;
};
struct kernfs_node___old { /* before 6.15 */
	struct kernfs_node *parent;
};
struct cgroup_root {
	int hierarchy_id;
};
struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
	struct cgroup_subsys_state *subsys[16];
};
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};
struct page_counter {
	struct {
		s64 counter;
	} usage;
	unsigned long max;
};
struct mem_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter memory, memsw;
};
struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};
struct sched_info {
	u64 last_arrival;
};
struct sched_entity {
	u64 sum_exec_runtime;
};
struct sigpending {
	struct {
		unsigned long sig[1];
	} signal;
};
struct task_struct {
	struct thread_info thread_info;
	u32 flags;
	struct mm_struct *mm;
	int exit_code;
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct list_head thread_node;
	struct list_head children;
	u64 start_boottime, utime, stime;
	struct sched_entity se;
	struct sched_info sched_info;
	u32 __state;
	u32 on_cpu; /* u8 since 7.3: libbpf changes the size of what is read for unsigned members only */
	int exit_state;
	unsigned long min_flt, maj_flt;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	struct sigpending pending;
	struct {
		unsigned long sig[1];
	} blocked;
	kuid_t loginuid;
	struct css_set *cgroups;
};
struct pid_namespace {
	struct task_struct *child_reaper;
};
struct linux_binprm {
	const char *filename;
};
struct socket {
	u32 state;
	short type;
	struct sock *sk;
};
struct in6_addr {
	u8 in6_u[16];
};
struct ns_common {
	u32 inum;
};
struct net {
	struct ns_common ns;
};
typedef struct {
	struct net *net;
} possible_net_t;
struct sock_common {
	possible_net_t skc_net;
	u32 skc_daddr, skc_rcv_saddr;
	u16 skc_dport, skc_num, skc_family;
	u8 skc_state;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
	struct sock_common __sk_common;
	u16 sk_type, sk_protocol;
	u32 sk_ack_backlog, sk_max_ack_backlog;
	struct socket *sk_socket;
};
struct inet_sock {
	u32 inet_saddr;
	u16 inet_sport;
};
struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};
struct unix_address {
	int len;
	struct sockaddr_un name[1];
};
struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};
struct kernel_siginfo {
	int si_signo, si_code;
	union {
		struct {
			int _pid;
		} _kill;
	} _sifields;
};
struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
};
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

#pragma clang attribute pop

enum cgroup_subsys_id { cpuset_cgrp_id, cpu_cgrp_id, cpuacct_cgrp_id, io_cgrp_id, memory_cgrp_id };
/* The controllers whose cgroups are recorded of a thread: KSYS_CONTROLLERS, in the order of `ksys_plan.hierarchies`. */
#define CGROUP_LIST(X) X(cpuset, "cpuset=") X(cpu, "cpu=") X(cpuacct, "cpuacct=") X(io, "io=") X(memory, "memory=")

/* Signed and unsigned constants of the kernel's interface that the fillers test. */
#define PF_IO_WORKER 0x10
#define PF_SIGNALED 0x400
#define PF_USER_WORKER 0x4000
#define PF_KTHREAD 0x200000
#define TASK_STOPPED_OR_TRACED 0xc
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define AF_UNIX 1
#define AF_INET 2
#define SOCK_STREAM 1
#define MSG_FASTOPEN 0x20000000
#define AF_INET6 10
#define AF_NETLINK 16
#define AT_FDCWD -100
#define TCP_LISTEN 10
#define IPPROTO_TCP 6
#define PROC_SUPER_MAGIC 0x9fa0
#define OVERLAYFS_SUPER_MAGIC 0x794c7630

#endif
