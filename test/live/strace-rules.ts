// The allowed differences between strace's and ksys's output for a call, each with its reason. A word is -NAME (strace prints it), +NAME
// (only ksys does), "text" (strace's) or #number (strace's).

import { signalName } from '../../src/schema/signals.js'

const SIGNALS = new Set(Array.from({ length: 65 }, (_, n) => signalName(n)))

/** Names of the same value: strace's word, and that of ksys. strace prints sets of signals without SIG. */
export function inKsysWords(name: string): readonly string[] {
  if (SIGNALS.has(`SIG${name}`)) return [`SIG${name}`]
  return (
    SAME[name] ?? [...PREFIXES.filter(([p]) => name.startsWith(p)).map(([p, to]) => to + name.slice(p.length)), name]
  )
}

const SAME: Readonly<Record<string, readonly string[]>> = {
  UMOUNT_NOFOLLOW: ['NOFOLLOW'],
  WSTOPPED: ['WUNTRACED'],
  SO_RCVTIMEO_OLD: ['SO_RCVTIMEO'],
  RLIM64_INFINITY: ['RLIM_INFINITY'],
  IORING_FEAT_EXT_ARG: ['IORING_FEAT_ENTER_EXT_ARG'],
  EXT2_SUPER_MAGIC: ['EXT4_SUPER_MAGIC'],
  FUTEX_WAKE_PRIVATE: ['FUTEX_WAKE'],
  FUTEX_WAIT_PRIVATE: ['FUTEX_WAIT'],
  FUTEX_WAKE_BITSET_PRIVATE: ['FUTEX_WAKE_BITSET'],
  FUTEX_CMP_REQUEUE_PRIVATE: ['FUTEX_CMP_REQUEUE'],
  MAP_HUGE_SHIFT: ['MAP_HUGE_2MB'],
}
/** libs, whose names ksys uses, writes them without a prefix, or with that of the open flags */
const PREFIXES: readonly (readonly [string, string])[] = [
  ['MS_', ''],
  ['MNT_', ''],
  ['IN_', 'O_'],
  ['EFD_', 'O_'],
  ['SFD_', 'O_'],
]

type Rule = readonly [words: RegExp, why: string]

/** of every call */
const EVERYWHERE: readonly Rule[] = [
  [/^[+]E[A-Z0-9]+$/, 'a negative descriptor has the name of the error that it would be'],
  [/^[+](NONE|O_NONE)$/, 'libs has names for nothing'],
  [/^[+]O_F_CREATED$/, 'ksys tells whether an open made the file'],
  [/^[+]S_I[RWXS]|^-S_IS(UID|GID|VTX)$/, 'permissions are octal numbers; libs names them beside'],
  [/^-RT(MIN|_\d+)$/, 'real-time signals count from the first that the C library leaves to programs'],
  [/^-(QCMD|IPC_64|IOPRIO_PRIO_VALUE|WIF\w+|WEXITSTATUS|WTERMSIG)$/, 'ways in which strace writes a number'],
  [/^[+]FUTEX_PRIVATE_FLAG$/, 'strace makes one name of a futex command and this bit'],
  [/^[+]AF_LOCAL$/, 'another name of AF_UNIX'],
  [
    /^-\w+_UNSPEC$|^-(AT_STATX_SYNC_AS_STAT|FAN_CLASS_NOTIF|MAP_FILE|O_RDONLY|KEXEC_ARCH_DEFAULT|PR_SET_VMA_ANON_NAME)$/,
    'names of 0 among bits',
  ],
  [/^#0x(8|10|18|58)$/, 'sizes of structures that only one value is allowed for, and wild addresses'],
]

/** by call */
const BY_CALL: Readonly<Record<string, readonly Rule[]>> = {
  execve: [
    [/^[+]/, 'who the process is, and its environment'],
    [/^"/, 'arguments and environment are written without quotes, as far as they are recorded'],
  ],
  execveat: [
    [/^[+]|^"/, 'as execve'],
    [/^-AT_|^#/, 'the flags and the directory are gone when an exec has succeeded'],
  ],
  clone3: [[/^[+]|^#/, 'who the caller is; the pidfd is told by the descriptor that the caller then has']],
  vfork: [[/^[+]|^#/, 'who the caller is, and what vfork shares']],
  openat: [[/^[+](O_DSYNC|O_DIRECTORY)$/, 'O_SYNC and O_TMPFILE have this bit']],
  fcntl: [[/^#0x(40[b-d]|270f)$/, 'libs has no number for these commands']],
  getdents: [[/^-DT_|^"|^#/, 'what directories hold is not recorded']],
  getdents64: [[/^-DT_|^"|^#/, 'what directories hold is not recorded']],
  stat: [[/^#/, 'device, inode and times of a file are not recorded: its owner, type and size are']],
  fstat: [[/^#/, 'as stat']],
  lstat: [[/^#/, 'as stat']],
  newfstatat: [[/^#/, 'as stat']],
  statx: [
    [/^-STATX_ATTR_/, 'attributes that the file system could have'],
    [/^#/, 'times and device'],
  ],
  readv: [[/^#/, 'the data are gathered']],
  writev: [[/^#/, 'the data are gathered']],
  preadv: [[/^#/, 'the data are gathered']],
  pwritev: [[/^#/, 'the data are gathered']],
  preadv2: [[/^#/, 'the data are gathered']],
  pwritev2: [[/^#/, 'the data are gathered']],
  sendfile: [[/^#/, 'the position is that after the call']],
  copy_file_range: [[/^#/, 'positions are those after the call']],
  splice: [[/^#/, 'positions are those after the call']],
  ioctl: [
    [/^-(NL0|CR0|TAB0|BS0|VT0|FF0|CS5)$/, 'names of 0 among bits'],
    [/^[+][0-9A-F]{4,8}$/, 'the request as a number'],
    [/^-V[A-Z0-9]+$|^#/, "a terminal's special characters are shown as bytes"],
    [/^[+]O_/, 'strace does not name the flags of TIOCGPTPEER'],
    [/^"none0"$/, 'what a failed request would have written'],
  ],
  mknod: [[/^#/, 'type and permissions are one octal number']],
  mknodat: [[/^#/, 'type and permissions are one octal number']],
  getcwd: [[/^#/, 'the size of the buffer']],
  listxattr: [[/^"/, 'a list of names']],
  llistxattr: [[/^"/, 'a list of names']],
  flistxattr: [[/^"/, 'a list of names']],
  listxattrat: [[/^"/, 'a list of names']],
  setxattrat: [[/^"/, 'the value lies behind an address in the structure']],
  getxattrat: [[/^"/, 'the value lies behind an address in the structure']],
  name_to_handle_at: [[/^"|^#|^handle_bytes/, 'the handle is bytes for the kernel alone']],
  open_by_handle_at: [[/^"|^#/, 'the handle is bytes for the kernel alone; ksys has the path']],
  sysfs: [[/^[+]|^#/, 'strace shows numbers']],
  connect: [[/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own']],
  bind: [[/^-AF_(INET6?|UNIX)$|^"lo"$|^#/, 'addresses have a form of their own, interfaces are numbers']],
  accept: [[/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own']],
  accept4: [[/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own']],
  getrandom: [[/^[+]|^"/, 'random bytes may read as words']],
  getsockname: [
    [/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own'],
    [/^[+](ETH|ARPHRD|PACKET)_|^"/, 'strace shows bytes'],
  ],
  getpeername: [[/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own']],
  sendto: [
    [/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own'],
    [/^"[.c]+"$|^nlmsg_pid/, 'strace shows bytes of netlink in another network; its port is unsigned'],
  ],
  recvfrom: [[/^-AF_(INET6?|UNIX)$|^#/, 'addresses have a form of their own']],
  sendmsg: [
    [/^-AF_(INET6?|UNIX)$|^#/, 'data and addresses of the message have a form of their own'],
    [/^"[.c]+"$|^nlmsg_pid/, 'strace shows bytes of netlink in another network; its port is unsigned'],
  ],
  recvmsg: [
    [/^-AF_(INET6?|UNIX)$|^#/, 'data and addresses of the message have a form of their own'],
    [/^"[.c]+"$|^nlmsg_pid/, 'strace shows bytes of netlink in another network; its port is unsigned'],
  ],
  sendmmsg: [[/^-AF_|^#/, 'data and addresses of the messages have a form of their own']],
  recvmmsg: [[/^-AF_|^#/, 'data and addresses of the messages have a form of their own']],
  socket: [
    [/^[+]O_/, 'libs names the bits of the type as open flags too'],
    [/^[+]AF_ROUTE$/, 'another name of AF_NETLINK'],
    [/^-ETH_P_ALL$/, 'protocols of AF_PACKET are kinds of frames in network order'],
    [/^-SOCK_RAW$|^#0x60$/, 'there is no such type'],
  ],
  socketpair: [[/^[+]IPPROTO_IP$/, 'protocol 0']],
  poll: [[/^[+]POLL|^#/, 'strace tells behind the result what came; and how many there are']],
  ppoll: [[/^[+]POLL|^#/, 'as poll']],
  setsockopt: [
    [/^-AF_INET6$|^"/, 'addresses, interfaces by number, times'],
    [/^[+](IP_PMTU|TPACKET_|UNKNOWN|SO_TIMESTAMPNS)|^-SO_TIMESTAMPNS_OLD$/, 'names of values; libs has one name'],
  ],
  getsockopt: [
    [/^[+]SOCK_/, 'names of values'],
    [/^[+]UNKNOWN$|^#0x(ff|ffffffff|3039)$/, 'of an unknown level'],
    [/^[+]TCP|^"/, 'strace shows bytes'],
  ],
  shutdown: [[/^[+]SHUT_UNKNOWN$|^#/, 'libs has one name for what is wrong']],
  mmap: [
    [/^[+]MAP_SHARED$/, 'MAP_SHARED_VALIDATE is a way of saying it'],
    [/^#0x15$/, 'the size of huge pages has a name'],
  ],
  mincore: [[/^#/, 'a byte for each page is not recorded']],
  set_mempolicy: [[/^#/, 'nodes are listed']],
  migrate_pages: [[/^#/, 'nodes are listed']],
  futex: [
    [
      /^-FUTEX_OP_|^-FUTEX_BITSET_MATCH_ANY$|^#/,
      'the second value and the third are not recorded: a futex is called too often',
    ],
  ],
  futex_wait: [[/^-FUTEX_BITSET_MATCH_ANY$/, 'the mask is a number']],
  msgrcv: [[/^"/, 'as much text as came, not as there was room for']],
  msgctl: [[/^#/, 'an unknown command']],
  semctl: [[/^#/, 'an unknown command, which libs has no number for']],
  mq_open: [[/^#0x800$/, 'a flag of the queue has its name']],
  io_submit: [[/^"/, 'the data lie behind addresses in the structures']],
  io_uring_setup: [
    [/^#/, 'offsets in the rings are not recorded'],
    [/^[+]IORING_FEAT_(RW_ATTR|NO_IOWAIT)$/, 'newer than strace'],
  ],
  io_uring_register: [
    [/^-IO/, 'which operations there are is not recorded'],
    [/^#/, 'operations, and descriptors behind an address in the structure'],
  ],
  capget: [[/CAPABILITY_VERSION|^#/, 'a version that the call corrects; strace writes 1<<CAP_X']],
  prlimit64: [[/^#0x(2000|400)$/, 'strace writes 8192*1024']],
  capset: [[/CAP|^#0x1$/, 'sets of which most are there name what is missing']],
  sched_getaffinity: [[/^#/, 'processors are listed, neighbours as first-last']],
  sched_setaffinity: [[/^#/, 'processors are listed, neighbours as first-last']],
  rt_sigreturn: [[/^-/, 'the mask lies on the stack']],
  ptrace: [[/^#/, 'the length of a register set lies behind an address']],
  process_vm_readv: [[/^#|^"/, 'counts of vectors that are listed']],
  process_vm_writev: [[/^#|^"/, 'counts of vectors that are listed']],
  bpf: [
    [
      /^-(BPF_ALU64|BPF_K|BPF_MOV|BPF_REG_0|BPF_JMP|BPF_EXIT|KERNEL_VERSION|BPF_CGROUP_INET_INGRESS)$/,
      'instructions, and names of 0',
    ],
    [/^#|^next_id/, 'members that are 0; members that the call changes'],
  ],
  seccomp: [
    [/^-(BPF_|SECCOMP_RET_)/, 'instructions'],
    [/^[+]SECCOMP_FILTER_FLAG_TSYNC$/, 'flags of an operation that takes none'],
  ],
  perf_event_open: [[/^#0x1$/, 'flags are listed by name']],
  kexec_file_load: [[/^"/, 'with its NUL']],
  syslog: [[/^[+]/, 'strace has the name in a remark']],
  modify_ldt: [[/^#0x0$/, 'flags are listed by name']],
  set_thread_area: [[/^#0x0$/, 'flags are listed by name']],
  get_thread_area: [[/^#/, 'what a failed call would have written']],
  prctl: [
    [/^[+]PR_MCE_KILL_LATE$/, 'the third argument is named whether it is looked at or not'],
    [/^#0x0$/, 'arguments without a meaning'],
    [/^[+]PR_SCHED_CORE_SCOPE_/, 'strace has the name in a remark'],
  ],
  arch_prctl: [[/^#/, 'an unknown code']],
  lsm_get_self_attr: [[/^#/, 'the size that was there before the call']],
  lsm_list_modules: [[/^#/, 'the size that was there before the call']],
  keyctl: [[/^-KEYCTL_CAPS/, 'what the kernel can do']],
}

/** calls without a prototype: their arguments cannot be shown */
const BARE = /^(getpmsg|putpmsg|afs_syscall|tuxcall|security|vserver|epoll_ctl_old|epoll_wait_old|uretprobe)$/

/** Whether a difference has a reason. */
export function accepted(call: string, word: string): boolean {
  return BARE.test(call) || [...EVERYWHERE, ...(BY_CALL[call] ?? [])].some(([words]) => words.test(word))
}
