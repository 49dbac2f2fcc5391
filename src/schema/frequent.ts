// The system calls that servers make most.

/** By their names, the most frequent of busy servers first. Judgement: no measurement orders all of them. */
export const FREQUENT_CALLS: readonly string[] = [
  ...[
    'read',
    'write',
    'recvfrom',
    'sendto',
    'recvmsg',
    'sendmsg',
    'epoll_wait',
    'epoll_pwait',
    'poll',
    'ppoll',
    'futex',
  ],
  ...['readv', 'writev', 'pread64', 'pwrite64', 'clock_nanosleep'],
]
