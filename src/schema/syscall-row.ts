// How a system call stands in the tables of calls.

/** name, x86-64 number, arm64 number (-1: not there), arguments as the kernel declares them, and what it returns beside an error */
export type SyscallRow = readonly [name: string, x64: number, arm64: number, args: string, returns?: NewDescriptor]

/** A new descriptor of a call without a declaration of its own. */
export interface NewDescriptor {
  /** whether exec closes it: always, or as a bit among the flags in the argument of that name says */
  readonly cloexec: true | string
}
