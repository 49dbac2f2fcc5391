// System calls of 32-bit programs, by machine: which number each is recorded under. It is that of the 64-bit call that does the same
// work with the same arguments in the same order, or else one of its own (compat-only.ts, arm-numbers.ts).
import { ARM_HALVES, ARM_PRIVATE, ARM_TWINS } from './compat-arm.js'
import { I386_HALVES, I386_TWINS, SOCKETCALLS } from './compat-i386.js'
import { SYSCALLS } from './syscalls.js'
import type { Arch } from './types.js'

/** From this number on, calls have the same number on all machines. */
const SAME_FROM = 424

/** What is otherwise in calls of a machine's 32-bit programs. */
export interface CompatCalls {
  /** the number that a call is recorded under, by the one that the program gives; -1 when there is no such call */
  readonly numbers: readonly number[]
  /** the same of calls that are told apart by another number than that: i386's socketcall, ARM's private calls; -1 for no call */
  readonly apart: readonly number[]
  /** arguments of 64 bits, by the number that the program gives: bit n is the recorded call's argument n, which is in two registers */
  readonly halves: ReadonlyMap<number, number>
}

/** Those that are the same everywhere, behind the others. */
function complete(twins: readonly number[]): readonly number[] {
  const numbers = [...twins]
  for (const [, nr] of SYSCALLS) if (nr >= SAME_FROM) numbers[nr] = nr
  return Array.from(numbers, (nr) => nr ?? -1)
}

export const COMPAT: Readonly<Record<Arch, CompatCalls>> = {
  x64: { numbers: complete(I386_TWINS), apart: SOCKETCALLS, halves: I386_HALVES },
  arm64: { numbers: complete(ARM_TWINS), apart: ARM_PRIVATE, halves: ARM_HALVES },
}
