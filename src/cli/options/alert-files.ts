// The options for files with the calls around alerts, combined with the key `capture` of falco.yaml.
import { totalmem } from 'node:os'
import type { RulesConfig } from '../../rules/config/keys.js'
import { OwnMemory } from '../../source/own-memory.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import { CliError, EXIT } from '../errors/exit.js'
import { allRead, type OptionsOf } from './option-types.js'
import { alertRetention } from './recording.js'
import type { OptionDef } from './table.js'
import { writtenAs } from './words.js'

const CONTAINED = { ignored: 'they contain the calls around alerts' } as const

export const ALERT_FILE_OPTIONS = [
  {
    long: 'capture',
    value: 'PREFIX',
    files: CONTAINED,
    complete: 'file',
    doc: 'write the calls around an alert of a rule with capture: true to PREFIX_RULE_TIME.ksys. ksys then captures all calls.',
  },
  {
    long: 'last',
    value: 'TIME|SIZE',
    files: CONTAINED,
    repeat: true,
    doc: 'with --capture, keep the last TIME before an alert, or what fits into SIZE of memory (default 10s, in 64M)',
  },
  {
    long: 'after',
    value: 'TIME',
    files: CONTAINED,
    doc: 'with --capture, include the calls within TIME after an alert (default 5s). The capture_duration of a rule overrides it.',
  },
  {
    long: 'max-files',
    value: 'N',
    files: CONTAINED,
    doc: 'with --capture, write at most N files of a rule within 24 hours (default 10)',
  },
  {
    long: 'max-bytes-a-day',
    value: 'SIZE',
    files: CONTAINED,
    doc: 'with --capture, write no file that would exceed SIZE for the last 24 hours (default 1G)',
  },
] as const satisfies readonly OptionDef[]

type AlertFileOptions = OptionsOf<typeof ALERT_FILE_OPTIONS>

export interface AlertFiles {
  /** path prefix of the files, or a folder */
  readonly prefix: string
  /** files are written for alerts of all rules, not only of those with `capture: true` */
  readonly ofAllRules: boolean
  readonly memory: MemoryBounds
  /** ns after an alert, unless its rule specifies it */
  readonly after: number
  /** files of one rule within 24 hours */
  readonly perRule: number
  /** bytes of all files within 24 hours */
  readonly bytesADay: number
  /** maximum bytes of a file; undefined: no limit */
  readonly largest: number | undefined
}

const PER_RULE = 10
const BYTES_A_DAY = 1e9
const NS_PER_MS = 1e6

/** The files to write; undefined: none. Throws CliError (usage) for options that need --capture. */
export function alertFilesOf(o: AlertFileOptions, { capture }: RulesConfig): AlertFiles | undefined {
  const { capture: named, last, after, maxFiles, maxBytesADay, ...others } = o
  allRead(others)
  const prefix = named ?? (capture.enabled ? capture.path_prefix : undefined)
  if (prefix === undefined) {
    const given = (['last', 'after', 'maxFiles', 'maxBytesADay'] as const).find((name) => o[name] !== undefined)
    if (given === undefined) return undefined
    throw new CliError(EXIT.usage, `${writtenAs(given)} requires --capture PREFIX`)
  }
  if (prefix.trim() === '')
    throw new CliError(EXIT.usage, 'alert files need a name: --capture PREFIX, or capture.path_prefix')
  const { max_file_size_mb } = capture
  return {
    prefix,
    ofAllRules: capture.enabled && capture.mode === 'all_rules',
    memory: alertRetention(last, OwnMemory.find()?.limit ?? totalmem()),
    after: after ?? capture.default_duration * NS_PER_MS,
    perRule: maxFiles ?? PER_RULE,
    bytesADay: maxBytesADay ?? BYTES_A_DAY,
    largest: max_file_size_mb === 0 ? undefined : max_file_size_mb * 1e6,
  }
}
