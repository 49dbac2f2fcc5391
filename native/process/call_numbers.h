// System calls that ksys never makes, or only while it starts: the numbers that a filter rejects. Those that headers of older
// systems lack have one number on all architectures.
#pragma once
#include <asm/unistd.h>
#include <cstdint>

constexpr uint32_t CALL_io_uring_setup = 425, CALL_open_tree = 428, CALL_move_mount = 429, CALL_fsopen = 430, CALL_fsconfig = 431,
		   CALL_fsmount = 432, CALL_fspick = 433, CALL_clone3 = 435, CALL_pidfd_getfd = 438, CALL_process_madvise = 440,
		   CALL_mount_setattr = 442, CALL_quotactl_fd = 443, CALL_lsm_set_self_attr = 460, CALL_open_tree_attr = 467;

constexpr uint32_t NEVER_CALLED[] = {
	// programs and processes; clone creates threads, too, so its flags are checked
	__NR_execve, __NR_execveat, __NR_socketpair,
	// other processes
	__NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_kcmp, CALL_pidfd_getfd, CALL_process_madvise, __NR_move_pages,
	__NR_migrate_pages,
	// file systems and namespaces
	__NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot, __NR_setns, __NR_unshare, CALL_open_tree, CALL_open_tree_attr,
	CALL_move_mount, CALL_fsopen, CALL_fsconfig, CALL_fsmount, CALL_fspick, CALL_mount_setattr, __NR_open_by_handle_at, __NR_mknodat,
	__NR_quotactl, CALL_quotactl_fd, __NR_swapon, __NR_swapoff, __NR_fanotify_init,
	// users, groups and privileges
	__NR_setuid, __NR_setgid, __NR_setreuid, __NR_setregid, __NR_setresuid, __NR_setresgid, __NR_setfsuid, __NR_setfsgid,
	__NR_setgroups, __NR_personality, CALL_lsm_set_self_attr,
	// the kernel and the machine
	__NR_init_module, __NR_finit_module, __NR_delete_module, __NR_kexec_load, __NR_kexec_file_load, __NR_reboot, __NR_acct,
	__NR_syslog, __NR_sethostname, __NR_setdomainname, __NR_vhangup, __NR_settimeofday, __NR_clock_settime, __NR_adjtimex,
	__NR_clock_adjtime,
	// ways around a filter, or into the kernel
	CALL_io_uring_setup, __NR_userfaultfd, __NR_add_key, __NR_request_key, __NR_keyctl,
#if defined(__x86_64__)
	__NR_fork, __NR_vfork, __NR_mknod, __NR_uselib, __NR_iopl, __NR_ioperm, __NR_modify_ldt, __NR__sysctl,
#endif
};
