// Rows of the system call tables.

/** name, x86-64 number, arm64 number (-1: none), arguments as the kernel declares them, and the descriptor that it returns, if any */
export type SyscallRow = readonly [name: string, x64: number, arm64: number, args: string, returns?: NewDescriptor]

/** A new descriptor of a call without a declaration of its own. */
export interface NewDescriptor {
  /** whether exec closes it: always, or according to a bit of the flags in the argument of that name */
  readonly cloexec: true | string
}
