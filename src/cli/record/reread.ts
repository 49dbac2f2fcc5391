// On SIGHUP a recorder re-reads its --config file and retains the events in memory. The trigger and its limits change immediately. All
// other options are fixed when the capture starts; a message says that they take effect at the next start.
import { type CheckedFilter, onDemand } from '../../filter/index.js'
import type { Settings } from '../options/settings.js'
import { writtenAs } from '../options/words.js'
import { parseRecorder, type RecorderOptions, type RecordOptions } from './config.js'
import type { Recording, Reread } from './recording.js'

/** options that can change while it runs, by commander's names */
const CHANGEABLE: ReadonlySet<string> = new Set(['trigger', 'after', 'maxFiles', 'cooldown', 'maxBytesADay'])

/** The options of a recorder at its start. */
interface InitialOptions {
  /** the command line, and the options of it and the file */
  readonly words: readonly string[]
  /** the file of --config; undefined: there is none */
  readonly config: string | undefined
  readonly initial: RecorderOptions
  /** the settings of the capture */
  readonly settings: Settings
}

/** Returns a function that re-reads the file; undefined without one. check: validates the changeable options, throws CliError. */
export function rereading(
  start: InitialOptions,
  check: (options: RecordOptions) => Pick<Recording, 'trigger' | 'after' | 'limits'>,
): Recording['reread'] {
  const { config } = start
  if (config === undefined) return undefined
  return (): Reread => {
    const now = parseRecorder(start.words)
    const { trigger, after, limits } = check(now.options)
    const recorded = trigger === undefined || isRecorded(trigger, now, start)
    const pending = [...differing(start.initial, now), ...(recorded ? [] : ['--trigger'])]
    const later = pending.length === 0 ? '' : `; takes effect at the next start: ${pending.join(', ')}`
    return { trigger: recorded ? { now: trigger } : undefined, after, limits, message: `re-read ${config}${later}` }
  }
}

/** Whether the events of a trigger are captured: without a filter, all except those that must be requested. */
function isRecorded(trigger: CheckedFilter, now: RecorderOptions, { initial, settings }: InitialOptions): boolean {
  if (now.options.trigger === initial.options.trigger) return true
  const { enter, switches, pageFaults } = onDemand(trigger)
  return (
    initial.filter === '' &&
    (!enter || settings.enter) &&
    (!switches || settings.switches) &&
    (!pageFaults || settings.pageFaults)
  )
}

/** What differs but is fixed at the start: options as they are written, or "the filter". */
function differing(initial: RecorderOptions, now: RecorderOptions): string[] {
  const [before, after] = [initial, now].map(({ options }) => new Map(Object.entries(options)))
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  const same = (name: string) => JSON.stringify(before?.get(name)) === JSON.stringify(after?.get(name))
  const changed = [...names].filter((name) => !CHANGEABLE.has(name) && !same(name))
  const written = changed.map(writtenAs)
  return initial.filter === now.filter ? written : [...written, 'the filter']
}
