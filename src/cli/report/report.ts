// `ksys report`: what a command did, on one page.
import type { Baseline } from '../../report/baseline.js'
import { newIn } from '../../report/compare.js'
import { finished } from '../../report/finish.js'
import { jsonOf } from '../../report/json.js'
import { pageMarkdown } from '../../report/markdown.js'
import { type Comparison, pageOf } from '../../report/page.js'
import type { Report } from '../../report/report.js'
import { pageText } from '../../report/text.js'
import { hurry } from '../../source/pace.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { splitArgv } from '../options/argv.js'
import { REPORT, type ReportFormat, type ReportSettings, reportSettings } from '../options/report.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { captureFor, warn } from '../run/capture.js'
import { printMessage } from '../run/report.js'
import { readBaseline } from './expected.js'
import { ReportFile } from './report-file.js'
import { ReportRun } from './run.js'

/** Runs the command or reads the captures, and writes the report; returns the exit code. */
export async function report(argv: readonly string[], out: Output): Promise<number> {
  const { words, command } = splitArgv(argv)
  const { options, words: filter } = parseSubcommand(REPORT, words)
  if (options.help) return printHelp(REPORT, out)
  if (command?.length === 0)
    throw new CliError(EXIT.usage, 'missing command after --, as in: ksys report -- npm install')
  const s = reportSettings(options, filter, command)
  const baseline = s.baseline === undefined ? undefined : readBaseline(s.baseline)
  const run = new ReportRun(s)
  warn(s.capture, run.warnings)
  // opened first, since a command that ran cannot be undone
  const file = s.file === undefined ? undefined : await ReportFile.open(s.file, s.capture.read)
  try {
    if (s.capture.read.length === 0) hurry(s.capture.write !== undefined)
    const code = await captureFor(run, s.capture, out)
    return await written(run, code, s, { baseline, file, out })
  } catch (e) {
    await file?.abandon()
    throw e
  }
}

interface Target {
  readonly baseline: Baseline | undefined
  readonly file: ReportFile | undefined
  readonly out: Output
}

/** Writes the report of a run that ended with `code`; returns the exit code. */
async function written(run: ReportRun, code: number, s: ReportSettings, target: Target): Promise<number> {
  const { capture, format } = s
  const { baseline, file, out } = target
  const reads = capture.read.length > 0
  if (reads && code > 128) {
    printMessage('ksys: there is no report, because the captures were not read to the end')
    await file?.abandon()
    return code
  }
  const result = finished(run.collector, run.facts(capture.command === undefined ? undefined : code))
  const compared = baseline && { file: s.baseline as string, rows: newIn(result, baseline) }
  const text = writtenAs(format, result.report, compared)
  if (file === undefined) await out.text(text)
  else await file.write(text)
  if (code === EXIT.damaged && reads) return code
  return compared !== undefined && compared.rows.length > 0 ? EXIT.different : code
}

function writtenAs(format: ReportFormat, report: Report, compared: Comparison | undefined): string {
  if (format === 'json') return jsonOf(report, compared)
  const page = pageOf(report, compared)
  return format === 'markdown' ? pageMarkdown(page) : pageText(page)
}
