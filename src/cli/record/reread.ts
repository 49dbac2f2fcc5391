// SIGHUP has a recorder read its --config file again. What is in memory stays: the trigger and what limits it change at once, all
// else was decided when the capture began, and is told to count at the next start only.
import { type CheckedFilter, onDemand } from '../../filter/index.js'
import type { Settings } from '../options/parse.js'
import { type RecordOptions, type Told, toldBy } from './config.js'
import type { Recording, Reread } from './recording.js'

/** options that change while it runs, by commander's names */
const AT_ONCE: ReadonlySet<string> = new Set(['trigger', 'after', 'maxFiles', 'cooldown', 'maxBytesADay'])

/** What a recorder was told at its start. */
export interface Begun {
  /** words of the command line, and what they said with the file's */
  readonly words: readonly string[]
  readonly told: Told
  /** what is captured since */
  readonly settings: Settings
}

/** How the file is read again; undefined without one. check: what options say of triggers and files, throws CliError. */
export function rereading(
  begun: Begun,
  check: (options: RecordOptions) => Pick<Recording, 'trigger' | 'after' | 'limits'>,
): Recording['reread'] {
  const { config } = begun.told.options
  if (config === undefined) return undefined
  return (): Reread => {
    const now = toldBy(begun.words)
    const { trigger, after, limits } = check(now.options)
    const recorded = trigger === undefined || isRecorded(trigger, now, begun)
    const staying = [...differing(begun.told, now), ...(recorded ? [] : ['--trigger'])]
    const later = staying.length === 0 ? '' : `; ${staying.join(', ')} will count at the next start`
    return { trigger: recorded ? { now: trigger } : undefined, after, limits, told: `${config} was read again${later}` }
  }
}

/** Whether events of a trigger are captured: all are that need not be asked for, where nothing filters them. */
function isRecorded(trigger: CheckedFilter, now: Told, { told, settings }: Begun): boolean {
  if (now.options.trigger === told.options.trigger) return true
  const { enter, switches, pageFaults } = onDemand(trigger)
  return (
    told.filter === '' &&
    (!enter || settings.enter) &&
    (!switches || settings.switches) &&
    (!pageFaults || settings.pageFaults)
  )
}

/** What differs and was decided at the start: options as they are written, "the filter". */
function differing(begun: Told, now: Told): string[] {
  const [before, after] = [begun, now].map((told) => new Map(Object.entries(told.options)))
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  const same = (name: string) => JSON.stringify(before?.get(name)) === JSON.stringify(after?.get(name))
  const options = [...names].filter((name) => !AT_ONCE.has(name) && !same(name))
  const written = options.map((name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`)
  return begun.filter === now.filter ? written : [...written, 'the filter']
}
