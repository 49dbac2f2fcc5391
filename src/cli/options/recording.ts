// Converts the options of `ksys record` to settings, and those that retain events in memory for the UI and for alerts.
import { megabytes } from '../../run/memory.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Recording } from '../record/recording.js'
import type { OptionsOf } from './option-types.js'
import type { RECORD_OPTIONS } from './record.js'
import type { Last } from './sizes.js'

/** bytes if --last has only a time, but at most 1/share of the memory limit: for a recorder, the UI, and alert files */
const RECORDER = { usual: 256 << 20, share: 4 }
const UI = { usual: 64 << 20, share: 16 }
const ALERTS = { usual: 64 << 20, share: 16 }
/** default retention (ns) of the UI, and before an alert */
const UI_TIME = 60e9
const ALERTS_TIME = 10e9
/** minimum useful memory (bytes): blocks have up to 4 MB */
const LEAST = 8 << 20
const AFTER = 10e9
const FILES = 10
const COOLDOWN = 60e9

/** All values of --last combined; undefined if nothing is to be retained, or no value is given. */
function boundsOf(
  values: readonly (Last | undefined)[],
  available: number,
  { usual, share }: typeof RECORDER,
): MemoryBounds | undefined {
  const last = Object.assign({}, ...values) as { time?: number; bytes?: number }
  if ((last.time ?? last.bytes) === undefined || last.time === 0 || last.bytes === 0) return undefined
  const { bytes = Math.min(usual, Math.max(LEAST, Math.floor(available / share))) } = last
  if (bytes < LEAST)
    throw usage(`--last must be at least ${megabytes(LEAST)}M: a smaller size cannot hold a block of calls`)
  if (bytes > available / 2)
    throw usage(
      `--last ${megabytes(bytes)}M exceeds half of the ${megabytes(available)} MB of memory available to ksys`,
    )
  return { bytes, time: last.time }
}

/**
 * How much the UI retains of a live capture; undefined: nothing. Throws CliError (usage). available: bytes of memory available to
 * this process and those that share its limit.
 */
export function uiRetention(
  values: readonly (Last | undefined)[] | undefined,
  available: number,
): MemoryBounds | undefined {
  if (values === undefined) return available < 4 * LEAST ? undefined : boundsOf([{ time: UI_TIME }], available, UI)
  return boundsOf(values, available, UI)
}

/** How much is retained before an alert. Throws CliError (usage). available: see uiRetention(). */
export function alertRetention(values: readonly (Last | undefined)[] | undefined, available: number): MemoryBounds {
  const bounds = boundsOf(values ?? [{ time: ALERTS_TIME }], available, ALERTS)
  if (bounds === undefined) throw usage('--last needs a time or size above 0, such as --last 10s')
  return bounds
}

/** The options of `ksys record` that say how much is retained, and when it is written. */
export type RecordingOptions = Pick<
  OptionsOf<typeof RECORD_OPTIONS>,
  'last' | 'trigger' | 'after' | 'maxFiles' | 'cooldown' | 'maxBytesADay'
>

/**
 * Throws CliError (usage) if options are missing or would have no effect. available: bytes of memory available to this process and
 * those that share its limit.
 */
export function recordingOf(o: RecordingOptions, available: number): Pick<Recording, 'memory' | 'after' | 'limits'> {
  const memory = boundsOf(o.last ?? [], available, RECORDER)
  if (memory === undefined) throw usage('missing --last: --last 60s, --last 256M, or both')
  const triggerOption = (
    [
      ['maxFiles', '--max-files'],
      ['cooldown', '--cooldown'],
      ['maxBytesADay', '--max-bytes-a-day'],
    ] as const
  ).find(([name]) => o[name] !== undefined)
  if (o.trigger === undefined && triggerOption !== undefined) throw usage(`${triggerOption[1]} requires --trigger`)
  const { bytes } = memory
  const sizeGiven = o.last?.some((l) => l !== undefined && 'bytes' in l)
  if (sizeGiven && o.maxBytesADay !== undefined && o.maxBytesADay < bytes)
    throw usage(
      `--max-bytes-a-day is less than the ${megabytes(bytes)} MB of --last: once that memory is full, every trigger would be ignored`,
    )
  return {
    memory,
    after: o.after ?? AFTER,
    limits: { files: o.maxFiles ?? FILES, cooldown: o.cooldown ?? COOLDOWN, bytesADay: o.maxBytesADay },
  }
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
