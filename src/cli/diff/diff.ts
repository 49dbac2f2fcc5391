// `ksys diff A B`: compares two runs of a command: calls, errors, files, latencies.

import { outputNamed } from '../../format/outputs.js'
import { versioned } from '../../render/json-version.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import { CliError, EXIT } from '../errors/exit.js'
import { toCliError } from '../errors/to-cli-error.js'
import { printHelp } from '../help/help.js'
import { refuseStdinTwice } from '../options/conflicts.js'
import { DIFF } from '../options/diff.js'
import { chosenOutput } from '../options/output-format.js'
import { redactionOf } from '../options/redaction.js'
import type { Settings } from '../options/settings.js'
import { settingsOf } from '../options/settings-of.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { absentFields } from '../query/absent-fields.js'
import { checkQuery, loopOptions, styleOf } from '../query/query.js'
import { requestOf } from '../query/read-request.js'
import { type Interrupts, interruptible } from '../run/interruptible.js'
import { Progress, printMessage, reportRead } from '../run/report.js'
import { SeenCalls } from '../run/seen-calls.js'
import { type Counted, compare, type Differences, isSame } from './compare.js'
import { Tally } from './tally.js'
import { comparisonText, type RunFacts } from './text.js'

const TOP = 20
const SHARE = 20
/** The fields that the tally reads. */
const TALLIED = ['evt.type', 'evt.failed', 'evt.latency', 'evt.abspath', 'fd.name', 'proc.pid'] as const

interface Read {
  readonly tally: Tally
  readonly facts: RunFacts
  readonly damaged: boolean
}

/** Compares two captures; returns the exit code. */
export async function diff(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(DIFF, argv)
  const { help, top: rowsGiven, latency = SHARE, exitCode, json, progress, ...privacy } = options
  if (help) return printHelp(DIFF, out)
  const [fileA, fileB, ...filter] = words
  if (fileA === undefined || fileB === undefined)
    throw new CliError(EXIT.usage, 'missing captures of the two runs: ksys diff A B [FILTER]')
  const { value } = outputNamed(chosenOutput({ json }))
  // the same redaction key, so that equal values have equal hashes in both
  const redaction = redactionOf(privacy)
  // both are checked before the first is read
  const a = { ...settingsOf({ progress, read: [fileA] }, filter), redaction }
  const b = { ...settingsOf({ progress, read: [fileB] }, filter), redaction }
  refuseStdinTwice([fileA, fileB])
  const printed = new Set<string>()
  const runs = await interruptible('nothing was compared, because the captures were not read to the end', async (i) => {
    return [await read(a, printed, i), await read(b, printed, i)] as const
  })
  const [x, y] = runs
  const differences = compare(x.tally, y.tally, latency / 100)
  const top = rowsGiven ?? (value === undefined ? TOP : 0)
  const rows = top === 0 ? Number.POSITIVE_INFINITY : top
  if (value === undefined) await out.text(comparisonText({ a: x.facts, b: y.facts, differences }, rows))
  else
    await out.text(
      [{ a: x.facts, b: y.facts }, ...values(differences, rows)].map((row) => value(versioned(row))).join(''),
    )
  if (runs.some((r) => r.damaged)) return EXIT.damaged
  return exitCode && !isSame(differences) ? EXIT.different : EXIT.ok
}

/** The rows of JSON, each with the kind of its difference; what only B did comes first, as in text. */
function values({ onlyB, latencies, ...both }: Differences, rows: number): object[] {
  const counted = ({ errors, calls, files }: Counted) => [
    ...errors.slice(0, rows).map((r) => ({ differs: 'errors', ...r })),
    ...files.slice(0, rows).map(({ file, a, b }) => ({ differs: 'file', file, a: a ?? null, b: b ?? null })),
    ...calls.slice(0, rows).map((r) => ({ differs: 'calls', ...r })),
  ]
  return [...counted(onlyB), ...counted(both), ...latencies.slice(0, rows).map((r) => ({ differs: 'latency', ...r }))]
}

/** Counts the calls of a capture. printed: messages about the filter, each of which is printed once. Throws CliError. */
async function read(s: Settings, printed: Set<string>, i: Interrupts): Promise<Read> {
  const q = checkQuery(s)
  const [file] = s.read as [string]
  const request = requestOf({ ...s, enter: false }, q, TALLIED)
  const source = await openCapture(file, { ...request, ...i.waiting(file) }, s.redaction).catch((e) =>
    Promise.reject(toCliError(e)),
  )
  try {
    for (const sentence of [...(q.filter?.warnings ?? []), ...absentFields(q, source.info, s)])
      printOnce(sentence, printed)
    const run = new CaptureRun(source, styleOf(s), { report: (sentence) => printMessage(`ksys: ${sentence}`) })
    const tally = new Tally()
    await run.begin()
    const progress = new Progress(source, s.progress, false)
    const loop = await run.run({ sinks: [tally], ...loopOptions(s, q, run.ctx), progress, onBatch: () => i.check() })
    const { time: first } = run.first
    const damaged = reportRead(source, run.stats())
    if (q.filter !== undefined && loop.shown === 0) {
      printMessage(`ksys: no event of ${file} passes the filter`)
      const seen = new SeenCalls()
      seen.add(source, loop)
      const hint = seen.hint(q)
      if (hint !== undefined) printOnce(hint, printed)
    }
    if (tally.omitted > 0) printMessage(`ksys: ${file} accesses too many files: the last ones are omitted`)
    const facts = {
      file,
      seconds: first === undefined ? 0 : (loop.lastTime - first) / 1e9,
      calls: tally.calls,
      errors: tally.errors,
      processes: tally.processes.size,
    }
    return { tally, facts, damaged }
  } catch (e) {
    throw toCliError(e)
  } finally {
    await source.close()
  }
}

function printOnce(sentence: string, printed: Set<string>): void {
  if (!printed.has(sentence)) printMessage(`ksys: ${sentence}`)
  printed.add(sentence)
}
