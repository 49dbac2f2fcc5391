// `ksys merge A B -w C`: merges captures of several hosts into one trace, ordered by time.
import { constants } from 'node:os'
import { exportOfName } from '../../export/formats.js'
import { MergedSource } from '../../merged/source.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import { refusedHosts } from '../../run/write/file-format.js'
import { MergedTraceSink } from '../../run/write/merged-sink.js'
import { isScapName } from '../../scap/kind.js'
import { WaitCancelled } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'
import { toCliError } from '../errors/to-cli-error.js'
import { printHelp } from '../help/help.js'
import { refuseStdinTwice } from '../options/conflicts.js'
import { MERGE } from '../options/merge.js'
import { redactionOf } from '../options/redaction.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { Progress, printMessage, reportRead } from '../run/report.js'
import { refuseSameFile } from '../run/same-file.js'
import { onSignals } from '../run/signals.js'
import { refuseTerminal } from '../run/trace-file.js'
import { VERSION } from '../version.js'
import { hostsOf, type Member, shiftsOf } from './hosts.js'

/** Writes the trace; returns the exit code. */
export async function merge(argv: readonly string[], out: Output): Promise<number> {
  const { options, words: files } = parseSubcommand(MERGE, argv)
  const { help, write, host = [], shift = [], progress, ...privacy } = options
  if (help) return printHelp(MERGE, out)
  if (files.length === 0) throw new CliError(EXIT.usage, 'missing captures, one of each host: ksys merge A B -w C')
  if (write === undefined) throw new CliError(EXIT.usage, 'missing -w: ksys merge A B -w C (- is standard output)')
  refuseTerminal(write)
  if (isScapName(write)) throw new CliError(EXIT.usage, `${refusedHosts('scap')}: name a trace (C.ksys) with -w`)
  const format = exportOfName(write)?.name
  if (format !== undefined)
    throw new CliError(
      EXIT.usage,
      `merge writes a trace: name it with -w C.ksys, then convert it with ksys -r C.ksys --to ${format}`,
    )
  refuseStdinTwice(files)
  refuseSameFile({ read: [...files], write, rotation: undefined })
  const shifts = shiftsOf(shift)
  const redaction = redactionOf(privacy)
  const members: Member[] = []
  try {
    for (const file of files) {
      const source = await openCapture(file, {}, redaction)
      members.push(...(source.members ?? [source]).map((member) => ({ source: member, file })))
    }
    if (members.length < 2)
      throw new CliError(EXIT.usage, `${files[0]} has only one host: name captures of at least two hosts`)
    return await run(new MergedSource(hostsOf(members, host, shifts)), write, progress === true)
  } catch (e) {
    throw toCliError(e)
  } finally {
    for (const m of members) await m.source.close()
  }
}

/** Reads the events of all hosts and writes them. */
async function run(source: MergedSource, write: string, forced: boolean): Promise<number> {
  const { members } = source
  const reading = new CaptureRun(source, undefined, { report: (sentence) => printMessage(`ksys: ${sentence}`) })
  let interrupted: NodeJS.Signals | undefined
  let sink: MergedTraceSink | undefined
  const restore = onSignals(
    (signal) => {
      interrupted = signal
      reading.stop()
    },
    () => sink?.awaited ?? 1,
  )
  try {
    const waiting = {
      stopped: () => interrupted !== undefined,
      long: () => printMessage(`ksys: waiting for a reader of ${write}`),
    }
    sink = await MergedTraceSink.open(write, members, reading.states, {
      making: { note: `ksys ${VERSION} merge`, filter: undefined },
      waiting,
      renumber: true,
    })
    await reading.begin()
    await reading.run({ predicate: undefined, sinks: [sink], progress: new Progress(source, forced, false) })
    const damaged = reportRead(source, reading.stats(), members)
    if (interrupted !== undefined) return 128 + constants.signals[interrupted]
    return damaged ? EXIT.damaged : EXIT.ok
  } catch (e) {
    // keep the events merged so far
    await sink?.end().catch(() => undefined)
    if (e instanceof Error && e.cause instanceof WaitCancelled && interrupted !== undefined)
      return 128 + constants.signals[interrupted]
    throw e
  } finally {
    restore()
  }
}
