// Event codes beyond libs' own: calls without an event of their own, and ksys's internal state records.

/** Calls without an event of their own: enter is GENERIC + 2*nr, exit is GENERIC + 2*nr + 1 (nr: the x86-64 number). */
export const GENERIC = 1024
/** One above the largest event code. */
export const CODE_LIMIT = 2560

/** libs' codes that the native side or the state refers to directly. */
export const CODE = {
  bind: 21,
  listen: 25,
  drop: 149,
  switch: 152,
  procexit: 186,
  signaldeliver: 232,
  page_fault: 290,
  container: 324,
  asyncevent: 402,
  /** the kernel's, without a code in libs; odd, since it has a result */
  io_uring_complete: 881,
  /** the kernel's, without a code in libs */
  oomkill: 884,
  /** ksys's own, without a code in libs */
  throttle: 882,
  /** ksys's own records: never shown and not numbered, they only keep the state correct. */
  ks_fork: 900,
  ks_exec: 902,
  ks_rename: 904,
  ks_fd: 906,
  ks_cwd: 908,
  ks_creds: 910,
  ks_times: 912,
  ks_fds: 914,
  ks_cgroup: 916,
  ks_cgroups: 918,
  ks_inflight: 920,
  ks_pidns: 922,
  ks_stack: 924,
  ks_mmap: 926,
  ks_counted: 928,
  ks_bound: 930,
} as const

/** Whether a code is that of one of ksys's own records. native/trace/block_rows.h has the same test. */
export function isInternal(code: number): boolean {
  return code >= CODE.ks_fork && code < GENERIC
}
