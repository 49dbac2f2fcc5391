// `ksys record`: parses the command line and starts a run that retains events in memory.
import { totalmem } from 'node:os'
import { exportOfName } from '../../export/formats.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, onDemand } from '../../filter/index.js'
import { isScapName } from '../../scap/kind.js'
import { OwnMemory } from '../../source/own-memory.js'
import { hurry } from '../../source/pace.js'
import type { Usr1 } from '../../usr1.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { splitArgv } from '../options/argv.js'
import { RECORD } from '../options/record.js'
import { recordingOf } from '../options/recording.js'
import type { Settings } from '../options/settings.js'
import { settingsOf } from '../options/settings-of.js'
import type { Output } from '../output/stdout.js'
import { orUsage, withRules } from '../query/query.js'
import { aboutRedacted } from '../query/redacted-fields.js'
import { withRuleFiles } from '../rules/given.js'
import { capture } from '../run/capture.js'
import { printMessage } from '../run/report.js'
import { parseRecorder, type RecordOptions } from './config.js'
import { rereading } from './reread.js'

/** Records until it is stopped; returns the exit code. */
export async function record(argv: readonly string[], out: Output, usr1: Usr1): Promise<number> {
  const { words, command } = splitArgv(argv)
  const initial = parseRecorder(words)
  const { options, filter } = initial
  if (options.help) return printHelp(RECORD, out)
  checkName(options.write)
  const available = OwnMemory.find()?.limit ?? totalmem()
  const { config, last, trigger: tested, after, maxFiles, cooldown, maxBytesADay, ...captured } = options
  const limits = { trigger: tested, maxFiles, cooldown, maxBytesADay }
  const recording = recordingOf({ last, after, ...limits }, available)
  const settings = await withRuleFiles(settingsOf(captured, [both(filter, tested)], { command }))
  const trigger = triggerOf(options, settings)
  warnIfRedacted(trigger, settings)
  // without a filter, everything is recorded except events that must be requested
  const needed = trigger === undefined ? undefined : onDemand(trigger)
  const more = {
    enter: settings.enter || needed?.enter === true,
    switches: settings.switches || needed?.switches === true,
    pageFaults: settings.pageFaults || needed?.pageFaults === true,
  }
  const recorded = { ...settings, ...(filter === '' && more) }
  const reread = rereading({ words, config, initial, settings: recorded }, (now) => {
    const checked = triggerOf(now, settings)
    warnIfRedacted(checked, settings)
    return { ...recordingOf(now, available), trigger: checked }
  })
  hurry(true)
  return capture({ ...recorded, recording: { ...recording, trigger, usr1, reread } }, out)
}

/** Throws CliError (usage) if -w is missing or a recorder cannot write it. */
function checkName(write: string | undefined): void {
  if (write === undefined) throw new CliError(EXIT.usage, 'missing -w: ksys record --last 60s -w NAME.ksys')
  if (write === '-') throw new CliError(EXIT.usage, 'a recorder cannot write to standard output: name a file with -w')
  if (isScapName(write))
    throw new CliError(EXIT.usage, 'a recorder only writes .ksys traces: convert them with ksys -r FILE -w NAME.scap')
  const format = exportOfName(write)?.name
  if (format !== undefined)
    throw new CliError(EXIT.usage, `a recorder only writes .ksys traces: convert them with ksys -r FILE --to ${format}`)
}

function triggerOf({ trigger }: RecordOptions, s: Settings): CheckedFilter | undefined {
  if (trigger === undefined) return undefined
  return withRules(
    s,
    orUsage(() => checkFilter(trigger, registry)),
  )
}

/** Warns if the trigger tests redacted data: it may never pass. */
function warnIfRedacted(trigger: CheckedFilter | undefined, { redaction }: Settings): void {
  const redacted = aboutRedacted(trigger?.fieldsUsed ?? [], redaction)
  if (redacted !== undefined) printMessage(`ksys: --trigger tests ${redacted}`)
}

/** The filter of the recording: it also passes the events of the trigger. */
function both(filter: string, trigger: string | undefined): string {
  if (filter === '' || trigger === undefined) return filter
  orUsage(() => checkFilter(filter, registry))
  return `(${filter}) or (${trigger})`
}
