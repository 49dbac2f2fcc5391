// The options of `ksys record` as settings.
import { parseDuration } from '../../filter/time.js'
import { megabytes } from '../../run/memory.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Recording } from '../record/recording.js'
import { memorySize } from './sizes.js'

/** bytes where --last says a time only, but not more than this part of the memory that there is: of a recorder, the UI, and beside rules */
const RECORDER = { usual: 256 << 20, part: 4 }
const UI = { usual: 64 << 20, part: 16 }
const ALERTS = { usual: 64 << 20, part: 16 }
/** ns that the UI keeps where nothing is said, and that are kept before an alert */
const UI_TIME = 60e9
const ALERTS_TIME = 10e9
/** the least memory that is of use: blocks have up to 4 MB */
const LEAST = 8 << 20
const AFTER = 10e9
const FILES = 10
const COOLDOWN = 60e9

/** One word of --last. */
export type Last = { readonly time: number } | { readonly bytes: number }

/** What --last says: a time (ns) or a size; undefined when it is neither. */
export function lastOf(text: string): Last | undefined {
  // 5m are minutes
  const bytes = /[KMGT](i?B)?$/.test(text) ? memorySize(text) : undefined
  if (bytes !== undefined) return { bytes }
  const time = parseDuration(text)
  return time !== undefined && time >= 0 ? { time } : undefined
}

/** What all words of --last say together; undefined when it is that nothing is kept, or there are none. */
function boundsOf(
  words: readonly (Last | undefined)[],
  room: number,
  { usual, part }: typeof RECORDER,
): MemoryBounds | undefined {
  const last = Object.assign({}, ...words) as { time?: number; bytes?: number }
  if ((last.time ?? last.bytes) === undefined || last.time === 0 || last.bytes === 0) return undefined
  const { bytes = Math.min(usual, Math.max(LEAST, Math.floor(room / part))) } = last
  if (bytes < LEAST) throw usage(`--last has ${megabytes(LEAST)}M at least: less holds no block of calls`)
  if (bytes > room / 2)
    throw usage(
      `--last ${megabytes(bytes)}M is more than half of the ${megabytes(room)} MB of memory that there are for ksys and all beside it`,
    )
  return { bytes, time: last.time }
}

/**
 * What the UI keeps of this machine; undefined for nothing. Throws CliError (usage). room: bytes of memory that this process
 * and all others beside it may have.
 */
export function keptByUi(words: readonly (Last | undefined)[] | undefined, room: number): MemoryBounds | undefined {
  if (words === undefined) return room < 4 * LEAST ? undefined : boundsOf([{ time: UI_TIME }], room, UI)
  return boundsOf(words, room, UI)
}

/** What is kept of the calls before an alert. Throws CliError (usage). room: see keptByUi(). */
export function keptForAlerts(words: readonly (Last | undefined)[] | undefined, room: number): MemoryBounds {
  const bounds = boundsOf(words ?? [{ time: ALERTS_TIME }], room, ALERTS)
  if (bounds === undefined)
    throw usage('--last has a time or a size, such as --last 10s: with nothing there is no file')
  return bounds
}

/** Options of `ksys record` as commander gives them. */
export interface RecordWords {
  last?: readonly (Last | undefined)[]
  trigger?: string
  after?: number
  maxFiles?: number
  cooldown?: number
  maxBytesADay?: number
}

/**
 * Throws CliError (usage) where options are missing or can have no effect. room: bytes of memory that this process and all
 * others beside it may have.
 */
export function recordingOf(o: RecordWords, room: number): Pick<Recording, 'memory' | 'after' | 'limits'> {
  const memory = boundsOf(o.last ?? [], room, RECORDER)
  if (memory === undefined) throw usage('say how much is kept in memory: --last 60s, --last 256M, or both')
  const ofTriggers = (
    [
      ['maxFiles', '--max-files'],
      ['cooldown', '--cooldown'],
      ['maxBytesADay', '--max-bytes-a-day'],
    ] as const
  ).find(([name]) => o[name] !== undefined)
  if (o.trigger === undefined && ofTriggers !== undefined)
    throw usage(`${ofTriggers[1]} is about what --trigger writes, and there is none`)
  const { bytes } = memory
  const said = o.last?.some((l) => l !== undefined && 'bytes' in l)
  if (said && o.maxBytesADay !== undefined && o.maxBytesADay < bytes)
    throw usage(
      `--max-bytes-a-day is less than the ${megabytes(bytes)} MB of --last: once they are full no trigger would count`,
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
