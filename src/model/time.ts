// Points in time, each on its own clock: a time of one clock is not accepted where another one is expected. Durations are plain
// numbers of ns: the difference of two times is one.

declare const clock: unique symbol
type On<Clock extends string, T> = T & { readonly [clock]: Clock }

/** Batch time: ns since the start of the capture. What Event.time and the column `time` of a batch hold. */
export type BatchNs = On<'capture', number>
/** ns of CLOCK_BOOTTIME: the same for all captures of a host since it was booted. */
export type BootNs = On<'boot', number>
/** ns since the epoch, exact. */
export type EpochNs = On<'epoch', bigint>

/** The start of a capture on the other clocks. */
export interface CaptureStart {
  /** whole seconds since the epoch */
  readonly startSec: number
  /** ns within that second */
  readonly startNsec: number
}

const NS = 1_000_000_000n

/** A number that is known to be a batch time, such as one from a column or a file. */
export const batchNs = (ns: number): BatchNs => ns as BatchNs
/** A number that is known to be a time of CLOCK_BOOTTIME, such as one from the kernel. */
export const bootNs = (ns: number): BootNs => ns as BootNs

/** A time some ns later (earlier, if negative) on the same clock. */
export const addNs = <T extends BatchNs | BootNs>(time: T, ns: number): T => (time + ns) as T

/** The later and the earlier of two times on the same clock. */
export const laterOf = <T extends BatchNs | BootNs>(a: T, b: T): T => (b > a ? b : a)
export const earlierOf = <T extends BatchNs | BootNs>(a: T, b: T): T => (b < a ? b : a)

/** When a capture started. Throws a RangeError for parts that are no whole numbers. */
export const startOf = ({ startSec, startNsec }: CaptureStart): EpochNs =>
  (BigInt(startSec) * NS + BigInt(startNsec)) as EpochNs

/** The parts of the start of a capture. */
export const startParts = (start: EpochNs): { startSec: number; startNsec: number } => ({
  startSec: Number(start / NS),
  startNsec: Number(start % NS),
})

/** A batch time, which must be finite, since the epoch. */
export const epochOf = (start: CaptureStart, time: BatchNs): EpochNs =>
  (startOf(start) + BigInt(Math.round(time))) as EpochNs

/** A batch time as a Date, to the millisecond. */
export const dateOf = ({ startSec, startNsec }: CaptureStart, time: BatchNs): Date =>
  new Date(startSec * 1e3 + (startNsec + time) / 1e6)

/** A time of day (ms since the epoch) as a batch time. */
export const batchOfMs = ({ startSec, startNsec }: CaptureStart, ms: number): BatchNs =>
  ((ms - startSec * 1e3) * 1e6 - startNsec) as BatchNs

/** A batch time on the clock that all captures of a host share. */
export const bootOf = ({ startBoot }: { readonly startBoot: BootNs }, time: BatchNs): BootNs =>
  (startBoot + time) as BootNs

/** A time of that clock in one capture. */
export const batchOfBoot = ({ startBoot }: { readonly startBoot: BootNs }, time: BootNs): BatchNs =>
  (time - startBoot) as BatchNs
