// Calls that depend on the moment: C libraries, language runtimes and the kernel make them when threads happen to wait for each other, or
// when a signal happens to arrive. A recording of the same load may lack them.

import type { Abi } from './abi.js'

/** What is known about a recording. */
interface Recorded {
  /** names of its calls */
  readonly names: ReadonlySet<string>
  /** ABIs of its calls */
  readonly abis: ReadonlySet<Abi>
  /** a program of it has several threads */
  readonly threads: boolean
}

interface Family {
  readonly calls: readonly string[]
  /** why a profile has them, as the comment beside each */
  readonly reason: string
  /** whether a workload with this recording can make them */
  possible(recorded: Recorded): boolean
}

const FAMILIES: readonly Family[] = [
  {
    // kernel/signal.c and restart_syscall(2): the kernel makes it after SIGSTOP, ptrace or the freezer of cgroups (docker pause)
    calls: ['restart_syscall'],
    reason: 'not recorded: the kernel continues an interrupted wait with it',
    possible: () => true,
  },
  {
    calls: ['rt_sigreturn'],
    reason: "not recorded: a signal's handler ends with it",
    possible: ({ names }) => names.has('rt_sigaction'),
  },
  {
    // of 32-bit programs whose handler takes only the signal's number
    calls: ['sigreturn'],
    reason: "not recorded: a signal's handler ends with it",
    possible: ({ names, abis }) =>
      (abis.has('x86') || abis.has('arm')) && (names.has('rt_sigaction') || names.has('sigaction')),
  },
  {
    // Go: osyield, usleep and preemptM of runtime/; glibc: lll_lock and, in malloc, arena_get2 with __get_nprocs_sched, and heap_trim; musl:
    // __wait; OpenJDK: os::naked_yield, os::naked_short_sleep and ParkEvent; libuv: uv__async_spin
    calls:
      'clock_nanosleep futex getpid gettid madvise mmap mprotect munmap nanosleep sched_getaffinity sched_yield tgkill'.split(
        ' ',
      ),
    reason: 'not recorded: threads may make it when they wait for each other',
    possible: ({ threads }) => threads,
  },
]

/** The calls by timing that workloads with such a recording can make, with the reason for each. */
export function callsByTiming(recorded: Recorded): ReadonlyMap<string, string> {
  const found = FAMILIES.filter((family) => family.possible(recorded))
  return new Map(found.flatMap(({ calls, reason }) => calls.map((name) => [name, reason])))
}
