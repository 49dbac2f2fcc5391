// The calls of 32-bit ARM programs, by the names that ksys records them under: the names of the 64-bit calls that do the same
// work with the same arguments in the same order.
import { ABI } from './abi.js'
import { constants } from './constants.js'
import type { SyscallRow } from './syscall-row.js'

/** Calls whose names differ by more than a suffix. */
const RENAMED: Readonly<Record<string, string>> = {
  _newselect: 'select',
  ugetrlimit: 'getrlimit',
  fstatat64: 'newfstatat',
}

/** Suffixes of variants with 64-bit times, positions and sizes, or 32-bit ids, which 64-bit programs have anyway. */
const WIDER =
  /^(?:(\w+)_time64|(clock_\w+|timer\w+|f?truncate|fcntl|sendfile|f?statfs)64|(\w*(?:[ug]id|groups|chown))32)$/

function recordedName(name: string): string {
  const [, time, size, id] = WIDER.exec(name) ?? []
  return RENAMED[name] ?? time ?? size ?? id ?? name
}

/** Names that the calls are recorded under, by ARM's number, private calls included. */
export const ARM_RECORDED: ReadonlyMap<number, string> = new Map(
  constants('arm_calls').entries.map(([name, nr]) => [nr, recordedName(name)]),
)

/** All those names. */
export const ARM_CALLS: ReadonlySet<string> = new Set(ARM_RECORDED.values())

/** First of the numbers, one per x86-64 call, for calls that on arm64 only 32-bit programs have. */
const FIRST = ABI.KSYS_UNKNOWN_NR + 1

/** The number that a call has on arm64, or is recorded under there for 32-bit programs; -1: no such call. */
export function arm64Number([name, x64, arm64]: SyscallRow): number {
  return arm64 >= 0 || !ARM_CALLS.has(name) ? arm64 : FIRST + x64
}
