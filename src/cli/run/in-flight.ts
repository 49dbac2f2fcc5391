// `--inflight`: prints the calls in progress, now or at the end of a trace, longest first: as a table, or as lines of -p or -j.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { compileChecked } from '../../filter/index.js'
import type { CompileLine } from '../../format/outputs.js'
import type { Absence } from '../../format/template/absences.js'
import type { Template } from '../../format/template/line.js'
import { compileTemplate } from '../../format/template/template.js'
import { ageText } from '../../format/text/duration.js'
import { upTo, width } from '../../format/text/width.js'
import { NO_LATENCY, ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import type { Sink } from '../../run/sink.js'
import { type CapturePlan, everything, IN_FLIGHT, MAX_NR, VERDICT } from '../../source/plan.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Settings, writesFile } from '../options/settings.js'
import { outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import type { Query } from '../query/query.js'
import { printMessage } from './report.js'

/** fields of a call with -j */
const VALUES = [
  'proc.pid',
  'thread.tid',
  'proc.name',
  'evt.type',
  'evt.args',
  'evt.latency',
  'evt.latency.atleast',
  'fd.num',
  'fd.name',
  'evt.schema',
]

interface Column {
  readonly head: string
  /** the field that it shows; undefined: the duration of the call so far */
  readonly field?: string
  readonly numeric?: true
}

const COLUMNS: readonly Column[] = [
  { head: 'RUNNING', numeric: true },
  { head: 'PID', field: 'proc.pid', numeric: true },
  { head: 'TID', field: 'thread.tid', numeric: true },
  { head: 'PROCESS', field: 'proc.name' },
  { head: 'CALL', field: 'evt.type' },
  { head: 'ARGUMENTS', field: 'evt.args' },
]
/** the first column if there are several hosts */
const HOST = { head: 'HOST', field: 'host.name' }

/** A call to print: the cells of its columns, or one complete line. */
interface Shown {
  readonly ns: number
  readonly cells: readonly string[]
}

/** Throws CliError for options that cannot be combined with --inflight. */
export function checkInFlight(s: Settings): void {
  const other =
    (writesFile(s) && '-w') ||
    (s.command !== undefined && '-- CMD') ||
    (s.chisels.length > 0 && '-c') ||
    (s.summary && '-S') ||
    (s.limit !== undefined && '-n') ||
    (s.seconds !== undefined && '-M') ||
    ((s.since ?? s.until) !== undefined && '--since and --until') ||
    (s.quiet && '-q')
  if (other) throw new CliError(EXIT.usage, `--inflight lists the calls at one point in time: remove ${other}`)
}

/** The capture plan that records only the calls in progress. */
export function inFlightPlan(selfPid: number): CapturePlan {
  const verdicts = new Uint8Array(MAX_NR).fill(VERDICT.DROP)
  const never = { signals: VERDICT.DROP, procexit: VERDICT.DROP, ioUring: VERDICT.DROP, latency: false }
  return { ...everything(selfPid, 0), ...never, verdicts, inFlight: IN_FLIGHT.ALL }
}

/** Collects the calls that pass the filter and prints them at the end. */
export class InFlightSink implements Sink {
  private reported = 0
  private readonly calls: Shown[] = []
  private readonly passes: (e: Event) => boolean
  private readonly texts: (e: Event) => readonly string[] | undefined
  /** columns of the table; undefined: lines are printed */
  private readonly columns: readonly Column[] | undefined
  /** the fields of the lines, with the number of calls omitted because of each; empty for a table */
  readonly absences: readonly Absence[]

  constructor(
    s: Settings,
    q: Query,
    ctx: FieldContext,
    private readonly out: Output,
    /** the file being read */
    private readonly file: string | undefined,
    compile: CompileLine,
  ) {
    this.passes = q.filter === undefined ? () => true : compileChecked(q.filter, ctx).test
    const asTable = s.format === undefined && outputOf(s).value === undefined
    this.columns = asTable ? [...(s.hosts ? [HOST] : []), ...COLUMNS] : undefined
    if (this.columns === undefined) {
      const values = s.hosts ? [HOST.field, ...VALUES] : VALUES
      const line = compile(s.format === undefined ? formatOf(values) : q.format, registry, ctx)
      this.texts = oneLine(line)
      this.absences = line.absences
    } else {
      this.texts = cells(this.columns, ctx)
      this.absences = []
    }
    for (const state of ctx.states) state.onInFlight = (call) => this.take(call)
  }

  async end(): Promise<void> {
    this.calls.sort((a, b) => b.ns - a.ns)
    const lines = this.columns
      ? tableLines(this.columns, this.calls, process.stdout.isTTY ? process.stdout.columns : undefined)
      : this.calls.map((c) => c.cells[0])
    if (this.calls.length > 0) await this.out.text(lines.join(''))
    // the run reports omitted lines
    else if (this.absences.some((x) => x.lines > 0)) return
    else if (this.reported > 0 || this.file === undefined) printMessage('ksys: no call in progress passes the filter')
    else
      printMessage(
        `ksys: ${this.file} does not contain calls in progress at its end: only live captures of ksys that ended properly do, with those that passed their filter`,
      )
  }

  private take(call: Event): void {
    this.reported++
    if (!this.passes(call)) return
    const cells = this.texts(call)
    if (cells !== undefined) this.calls.push({ ns: call.batch.latency[call.row] as number, cells })
  }
}

function formatOf(fields: readonly string[]): string {
  return `*${fields.map((f) => `%${f}`).join(' ')}`
}

function oneLine(template: Template): (e: Event) => readonly string[] | undefined {
  const bytes = new ByteWriter(65536)
  return (e) => {
    bytes.clear()
    return template.append(bytes, e) ? [Buffer.from(bytes.view()).toString()] : undefined
  }
}

function cells(columns: readonly Column[], ctx: FieldContext): (e: Event) => readonly string[] {
  const makers = columns.map(({ field }) => {
    if (field === undefined) return running
    const text = oneLine(compileTemplate(formatOf([field]), registry, ctx))
    return (e: Event) => (text(e)?.[0] ?? '').replace(/\n$/, '')
  })
  return (e) => makers.map((text) => text(e))
}

function running(call: Event): string {
  const ns = call.batch.latency[call.row] as number
  return ns === NO_LATENCY ? '-' : `${ageText(ns)}${(call.flags & ROW.AT_LEAST) !== 0 ? '+' : ''}`
}

/** Lines of the table; maxWidth: the width of the terminal to truncate them to. */
function tableLines(columns: readonly Column[], calls: readonly Shown[], maxWidth: number | undefined): string[] {
  const rows = [columns.map((c) => c.head), ...calls.map((c) => c.cells)]
  const widths = columns
    .slice(0, -1)
    .map((_, i) => rows.reduce((widest, r) => Math.max(widest, width(r[i] as string)), 0))
  return rows.map((r) => {
    const line = r
      .map((text, i) => {
        const padding = ' '.repeat(Math.max(0, (widths[i] ?? 0) - width(text)))
        return columns[i]?.numeric ? padding + text : text + padding
      })
      .join('  ')
      .trimEnd()
    return `${maxWidth === undefined ? line : upTo(line, maxWidth)}\n`
  })
}
