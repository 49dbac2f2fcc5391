// `ksys record`: words of the command line to a run that keeps events in memory.
import { registry } from '../../fields/index.js'
import { checkFilter } from '../../filter/index.js'
import { isScapName } from '../../scap/kind.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { splitArgv } from '../options/argv.js'
import { type Raw, settingsOf } from '../options/parse.js'
import { type RecordWords, recordingOf } from '../options/recording.js'
import { parseSubcommand } from '../options/subcommand.js'
import { RECORD } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { orUsage } from '../query/query.js'
import { capture } from '../run/capture.js'
import { DumpSignal } from './dump-signal.js'

/** Records until it is ended; returns the exit code. */
export async function record(argv: readonly string[], out: Output): Promise<number> {
  const { words, command } = splitArgv(argv)
  const { options, words: filterWords } = parseSubcommand<RecordWords & { write?: string }>(RECORD, words)
  if (options.help) return printHelp(RECORD, out)
  const { write } = options
  if (write === undefined)
    throw new CliError(EXIT.usage, 'name the files to write: ksys record --last 60s -w NAME.ksys')
  if (write === '-')
    throw new CliError(EXIT.usage, 'a recorder writes files of its own, which standard output cannot be')
  if (isScapName(write))
    throw new CliError(
      EXIT.usage,
      'a recorder writes traces of its own: make one of them a .scap file with ksys -r FILE -w NAME.scap',
    )
  const recording = recordingOf(options)
  const signal = new DumpSignal()
  const filter = filterWords.join(' ').trim()
  const settings = settingsOf(options as Raw, both(filter, recording.trigger), command, [])
  return capture({ ...settings, recording: { ...recording, signal } }, out)
}

/** What is recorded: what is asked for, and the trigger's own events. */
function both(filter: string, trigger: string | undefined): string {
  if (trigger !== undefined) orUsage(() => checkFilter(trigger, registry))
  if (filter === '' || trigger === undefined) return filter
  orUsage(() => checkFilter(filter, registry))
  return `(${filter}) or (${trigger})`
}
