// The options of `ksys record` as settings.
import { parseDuration } from '../../filter/time.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Recording } from '../record/recording.js'
import { megabytes } from '../run/memory.js'
import { memorySize } from './sizes.js'

/** bytes where --last says a time only, but not more than this part of the memory that there is */
const USUAL = 256 << 20
const PART = 4
/** the least memory that is of use: blocks have up to 4 MB */
const LEAST = 8 << 20
const AFTER = 10e9
const FILES = 10
const COOLDOWN = 60e9

/** What --last says: a time (ns) or a size; undefined when it is neither. */
export function lastOf(text: string): { readonly time: number } | { readonly bytes: number } | undefined {
  // 5m are minutes
  const bytes = /[KMGT](i?B)?$/.test(text) ? memorySize(text) : undefined
  if (bytes !== undefined) return { bytes }
  const time = parseDuration(text)
  return time !== undefined && time > 0 ? { time } : undefined
}

/** Options of `ksys record` as commander gives them. */
export interface RecordWords {
  last?: readonly ({ time?: number; bytes?: number } | undefined)[]
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
export function recordingOf(o: RecordWords, room: number): Omit<Recording, 'signal' | 'trigger'> {
  const last = Object.assign({}, ...(o.last ?? [])) as { time?: number; bytes?: number }
  if (last.time === undefined && last.bytes === undefined)
    throw usage('say how much is kept in memory: --last 60s, --last 256M, or both')
  const ofTriggers = (
    [
      ['maxFiles', '--max-files'],
      ['cooldown', '--cooldown'],
      ['maxBytesADay', '--max-bytes-a-day'],
    ] as const
  ).find(([name]) => o[name] !== undefined)
  if (o.trigger === undefined && ofTriggers !== undefined)
    throw usage(`${ofTriggers[1]} is about what --trigger writes, and there is none`)
  const { bytes = Math.min(USUAL, Math.max(LEAST, Math.floor(room / PART))) } = last
  if (bytes < LEAST) throw usage(`--last has ${megabytes(LEAST)}M at least: less holds no block of calls`)
  if (bytes > room / 2)
    throw usage(
      `--last ${megabytes(bytes)}M is more than half of the ${megabytes(room)} MB of memory that there are for ksys and all beside it`,
    )
  if (last.bytes !== undefined && o.maxBytesADay !== undefined && o.maxBytesADay < bytes)
    throw usage(
      `--max-bytes-a-day is less than the ${megabytes(bytes)} MB of --last: once they are full no trigger would count`,
    )
  return {
    memory: { bytes, time: last.time },
    after: o.after ?? AFTER,
    limits: { files: o.maxFiles ?? FILES, cooldown: o.cooldown ?? COOLDOWN, bytesADay: o.maxBytesADay },
  }
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
