// The options about files of the calls around alerts, and what they say with the key `capture` of falco.yaml.
import { totalmem } from 'node:os'
import type { RulesConfig } from '../../rules/config/keys.js'
import { OwnMemory } from '../../source/own-memory.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import { CliError, EXIT } from '../errors/exit.js'
import { keptForAlerts, type Last } from './recording.js'
import type { OptionDef } from './table.js'

export const ALERT_FILE_OPTIONS: readonly OptionDef[] = [
  {
    long: 'capture',
    value: 'PREFIX',
    complete: 'file',
    doc: 'write the calls around an alert of a rule with capture: true to PREFIX_RULE_TIME.ksys, or RULE_TIME.ksys where PREFIX is a folder; every call is captured for that',
  },
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    doc: 'with --capture: keep the last TIME before an alert, or what fits into SIZE of memory (default 10s, in 64M)',
  },
  {
    long: 'after',
    value: 'TIME',
    doc: 'with --capture: what comes within TIME behind an alert goes into the file too (default 5s), but for rules with capture_duration',
  },
  { long: 'max-files', value: 'N', doc: 'with --capture: N files of a rule within 24 hours at most (default 10)' },
  {
    long: 'max-bytes-a-day',
    value: 'SIZE',
    doc: 'with --capture: no file is begun that would make more than SIZE of the last 24 hours (default 1G)',
  },
]

/** Of these options, as commander gives them. */
export interface AlertFileWords {
  capture?: string
  last?: readonly (Last | undefined)[]
  after?: number
  maxFiles?: number
  maxBytesADay?: number
}

export interface AlertFiles {
  /** path that their names begin with, or a folder */
  readonly prefix: string
  /** alerts of all rules have them, not only of those with `capture: true` */
  readonly ofAllRules: boolean
  readonly memory: MemoryBounds
  /** ns behind an alert, where its rule does not say */
  readonly after: number
  /** files of one rule within 24 hours */
  readonly perRule: number
  /** bytes of all files within 24 hours */
  readonly bytesADay: number
  /** bytes at which a file ends; undefined: at no size */
  readonly largest: number | undefined
}

const PER_RULE = 10
const BYTES_A_DAY = 1e9
const NS_PER_MS = 1e6

/** The files that are to be written; undefined: none. Throws CliError (usage) where options are about none. */
export function alertFilesOf(o: AlertFileWords, { capture }: RulesConfig): AlertFiles | undefined {
  const prefix = o.capture ?? (capture.enabled ? capture.path_prefix : undefined)
  if (prefix === undefined) {
    const odd = (['last', 'after', 'maxFiles', 'maxBytesADay'] as const).find((name) => o[name] !== undefined)
    if (odd === undefined) return undefined
    const option = odd.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
    throw new CliError(EXIT.usage, `--${option} is about the files of --capture: name them with --capture PREFIX`)
  }
  if (prefix.trim() === '')
    throw new CliError(EXIT.usage, 'the files of alerts have no name: --capture PREFIX, or capture.path_prefix')
  const { max_file_size_mb } = capture
  return {
    prefix,
    ofAllRules: capture.enabled && capture.mode === 'all_rules',
    memory: keptForAlerts(o.last, OwnMemory.find()?.limit ?? totalmem()),
    after: o.after ?? capture.default_duration * NS_PER_MS,
    perRule: o.maxFiles ?? PER_RULE,
    bytesADay: o.maxBytesADay ?? BYTES_A_DAY,
    largest: max_file_size_mb === 0 ? undefined : max_file_size_mb * 1e6,
  }
}
