// System calls of 32-bit ARM (EABI) programs on an arm64 kernel.
import { ABI } from './abi.js'
import { ARM_RECORDED, arm64Number } from './arm-numbers.js'
import { SYSCALL_BY_NAME } from './syscalls.js'

/** First number of ARM's private calls. */
const PRIVATE = 0xf0000

const numberOf = (name: string): number => {
  const row = SYSCALL_BY_NAME.get(name)
  return row === undefined ? -1 : arm64Number(row)
}

function numbered(from: number, to: number): readonly number[] {
  const numbers: number[] = []
  for (const [nr, name] of ARM_RECORDED) if (nr >= from && nr < to) numbers[nr - from] = numberOf(name)
  return Array.from(numbers, (nr) => nr ?? -1)
}

/** The number that each call is recorded under, by ARM's number; -1 if ARM has no such call. */
export const ARM_TWINS: readonly number[] = numbered(0, PRIVATE)

/** The same for private calls, from their first number on. */
export const ARM_PRIVATE: readonly number[] = numbered(PRIVATE, PRIVATE + 32)

/** Position of preadv and similar calls: the only 64-bit value that the kernel takes as two separate arguments, in any registers. */
const POSITION = 8 | ABI.KSYS_HALVES_IN_PLACE

/** Arguments of 64 bits. They start at an even register, which may leave the one before unused. */
const WIDE: Readonly<Record<string, number>> = {
  pread64: 8,
  pwrite64: 8,
  truncate: 2,
  ftruncate: 2,
  readahead: 2,
  lookup_dcookie: 1,
  arm_fadvise64_64: 12,
  arm_sync_file_range: 12,
  fallocate: 12,
  fanotify_mark: 4,
  preadv: POSITION,
  pwritev: POSITION,
  preadv2: POSITION,
  pwritev2: POSITION,
}
/** These have 32 bits, unlike the calls of the same name. */
const NARROW = new Set([92, 93])

export const ARM_HALVES: ReadonlyMap<number, number> = new Map(
  [...ARM_RECORDED].flatMap(([nr, name]) => {
    const bits = WIDE[name]
    return bits === undefined || NARROW.has(nr) ? [] : [[nr, bits] as const]
  }),
)
