// System calls of 32-bit programs, by machine: the number that each is recorded under. That is the number of the 64-bit call
// that does the same work with the same arguments in the same order, or else one of its own (compat-only.ts, arm-numbers.ts).
import { ARM_HALVES, ARM_PRIVATE, ARM_TWINS } from './compat-arm.js'
import { I386_HALVES, I386_TWINS, SOCKETCALLS } from './compat-i386.js'
import { constants } from './constants.js'
import type { FlagTable } from './flag-table.js'
import { SYSCALLS } from './syscalls.js'
import type { Arch } from './types.js'

/** From this number on, calls have the same number on all machines. */
const SAME_FROM = 424

/** How the calls of a machine's 32-bit programs differ. */
interface CompatCalls {
  /** the names of the calls, by the program's number, below those that are the same on all machines */
  readonly names: FlagTable
  /** the number that a call is recorded under, by the program's number; -1 if there is no such call */
  readonly numbers: readonly number[]
  /** the same for calls that are identified by another number: functions of i386's socketcall, ARM's private calls; -1: no such call */
  readonly apart: readonly number[]
  /** arguments of 64 bits, by the program's number: bit n is the recorded call's argument n, which is passed in two registers */
  readonly halves: ReadonlyMap<number, number>
}

/** Appends the numbers that are the same on all machines. */
function complete(twins: readonly number[]): readonly number[] {
  const numbers = [...twins]
  for (const [, nr] of SYSCALLS) if (nr >= SAME_FROM) numbers[nr] = nr
  return Array.from(numbers, (nr) => nr ?? -1)
}

export const COMPAT: Readonly<Record<Arch, CompatCalls>> = {
  x64: { names: constants('i386_calls'), numbers: complete(I386_TWINS), apart: SOCKETCALLS, halves: I386_HALVES },
  arm64: { names: constants('arm_calls'), numbers: complete(ARM_TWINS), apart: ARM_PRIVATE, halves: ARM_HALVES },
}
