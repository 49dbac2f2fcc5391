// Calls that can lead out of a container or change its host: a refused one is more often an attack than a need.

/** Why each of them is dangerous, as the end of the sentence "it can ...". */
const REASONS: Readonly<Record<string, string>> = {
  ...same(
    'mount umount umount2 mount_setattr move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick',
    'change mounts',
  ),
  ...same('pivot_root chroot', 'change the root directory'),
  ...same('unshare setns', 'enter and create namespaces'),
  ...same('ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd', 'access other processes'),
  ...same('bpf', 'load programs into the kernel'),
  ...same('perf_event_open', 'observe the kernel and other processes'),
  ...same('init_module finit_module delete_module create_module', 'load and remove kernel modules'),
  ...same('kexec_load kexec_file_load reboot', 'replace or restart the kernel'),
  ...same('keyctl add_key request_key', "access the kernel's keys, which namespaces do not separate"),
  ...same('userfaultfd', 'delay the kernel, which exploits use'),
  ...same('io_uring_setup io_uring_enter io_uring_register', 'make other calls past the filter'),
  ...same('open_by_handle_at', 'open files outside the root directory'),
  ...same('iopl ioperm', 'access devices directly'),
  ...same('swapon swapoff acct quotactl quotactl_fd', 'change resources of the host'),
  ...same('settimeofday clock_settime clock_settime64 clock_adjtime adjtimex stime', 'change the time of the host'),
  ...same('sethostname setdomainname', 'change names of the host'),
  ...same('syslog', "read the kernel's log"),
  ...same('fanotify_init lookup_dcookie', 'observe files of the host'),
}

function same(names: string, why: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, why]))
}

/** What a call can do that makes it dangerous; undefined: it is not. */
export function dangerOf(name: string): string | undefined {
  return Object.hasOwn(REASONS, name) ? REASONS[name] : undefined
}

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: C libraries use these to look up names, addresses and accounts. */
export const USUAL_FAMILIES: readonly number[] = [1, 2, 10, 16]
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */
export const CLONE_NAMESPACES = 0x7e020000

/** The same for a call with this first argument, of the calls that profiles restrict by it. */
export function dangerOfArgument(name: string, argument: number | undefined): string | undefined {
  if (argument === undefined) return dangerOf(name)
  if (name === 'socket')
    return USUAL_FAMILIES.includes(argument) ? undefined : 'open raw sockets and those of rare protocols'
  if (name === 'clone') return (argument & CLONE_NAMESPACES) === 0 ? undefined : 'enter and create namespaces'
  return name === 'personality' ? 'change how the kernel treats the program' : dangerOf(name)
}
