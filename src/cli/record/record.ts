// `ksys record`: words of the command line to a run that keeps events in memory.
import { totalmem } from 'node:os'
import { exportOfName } from '../../export/formats.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, onDemand } from '../../filter/index.js'
import { isScapName } from '../../scap/kind.js'
import { OwnMemory } from '../../source/own-memory.js'
import { hurry } from '../../source/pace.js'
import type { Usr1 } from '../../usr1.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { splitArgv } from '../options/argv.js'
import { type Raw, type Settings, settingsOf } from '../options/parse.js'
import { recordingOf } from '../options/recording.js'
import { RECORD } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { orUsage, withRules } from '../query/query.js'
import { aboutRedacted } from '../query/redacted-fields.js'
import { withGivenRules } from '../rules/given.js'
import { capture } from '../run/capture.js'
import { tell } from '../run/report.js'
import { type RecordOptions, toldBy } from './config.js'
import { rereading } from './reread.js'

/** Records until it is ended; returns the exit code. */
export async function record(argv: readonly string[], out: Output, usr1: Usr1): Promise<number> {
  const { words, command } = splitArgv(argv)
  const told = toldBy(words)
  const { options, filter } = told
  if (options.help) return printHelp(RECORD, out)
  checkName(options.write)
  const room = OwnMemory.find()?.limit ?? totalmem()
  const recording = recordingOf(options, room)
  const settings = await withGivenRules(settingsOf(options as Raw, [both(filter, options.trigger)], command))
  const trigger = triggerOf(options, settings)
  tellRedacted(trigger, settings)
  // without a filter all is recorded but what has to be asked for
  const asked = trigger === undefined ? undefined : onDemand(trigger)
  const more = {
    enter: settings.enter || asked?.enter === true,
    switches: settings.switches || asked?.switches === true,
    pageFaults: settings.pageFaults || asked?.pageFaults === true,
  }
  const recorded = { ...settings, ...(filter === '' && more) }
  const reread = rereading({ words, told, settings: recorded }, (now) => {
    const checked = triggerOf(now, settings)
    tellRedacted(checked, settings)
    return { ...recordingOf(now, room), trigger: checked }
  })
  hurry(true)
  return capture({ ...recorded, recording: { ...recording, trigger, usr1, reread } }, out)
}

/** Throws CliError (usage) where the name of -w is none that a recorder can write. */
function checkName(write: string | undefined): void {
  if (write === undefined)
    throw new CliError(EXIT.usage, 'name the files to write: ksys record --last 60s -w NAME.ksys')
  if (write === '-')
    throw new CliError(EXIT.usage, 'a recorder writes files of its own, which standard output cannot be')
  if (isScapName(write))
    throw new CliError(
      EXIT.usage,
      'a recorder writes traces of its own: make one of them a .scap file with ksys -r FILE -w NAME.scap',
    )
  const format = exportOfName(write)?.name
  if (format !== undefined)
    throw new CliError(
      EXIT.usage,
      `a recorder writes traces of its own: make ${format} of one of them with ksys -r FILE --to ${format}`,
    )
}

function triggerOf({ trigger }: RecordOptions, s: Settings): CheckedFilter | undefined {
  if (trigger === undefined) return undefined
  return withRules(
    s,
    orUsage(() => checkFilter(trigger, registry)),
  )
}

/** A trigger that looks at what is redacted may never pass. */
function tellRedacted(trigger: CheckedFilter | undefined, { redaction }: Settings): void {
  const looksAt = aboutRedacted(trigger?.fieldsUsed ?? [], redaction)
  if (looksAt !== undefined) tell(`ksys: --trigger looks at ${looksAt}`)
}

/** What is recorded: what is asked for, and the trigger's own events. */
function both(filter: string, trigger: string | undefined): string {
  if (filter === '' || trigger === undefined) return filter
  orUsage(() => checkFilter(filter, registry))
  return `(${filter}) or (${trigger})`
}
