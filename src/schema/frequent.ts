// The system calls that servers make most.

/** Their names, the most frequent first. The order is an estimate: no measurement compares all of them. */
export const FREQUENT_CALLS: readonly string[] = (
  'read write recvfrom sendto recvmsg sendmsg epoll_wait epoll_pwait poll ppoll futex ' +
  'readv writev pread64 pwrite64 clock_nanosleep'
).split(' ')
