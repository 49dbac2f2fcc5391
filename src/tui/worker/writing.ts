// Writes the events that pass a filter to a file, from the file shown or from the retained events: a trace, or another
// format by the file's name.
import { existsSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PLAIN } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked, rowsPassing } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { CaptureRun, type RunOptions } from '../../run/capture-run.js'
import { type FileFormat, formatOfName, whyNot } from '../../run/write/file-format.js'
import { openNewFile } from '../../run/write/new-file.js'
import { pathsOf } from '../../source/rotation-files.js'
import { type CaptureSource, UNKNOWN_FILTER } from '../../source/source.js'
import { messageOf } from './context.js'
import type { Request, WorkerStart } from './messages.js'

/** ms between two progress reports, and of work after which pending requests are handled */
const REPORT = 250
const TURN = 50

/** The source of a file to write. */
export interface ToWrite {
  /** Opens the source, each time with the same contents; the caller closes it. */
  open(): Promise<CaptureSource>
  /** Releases it. */
  close(): Promise<void>
  /** the files that it reads, as the user named them */
  readonly read: readonly string[]
  /** a description of what is missing in it */
  readonly without?: string
}

/** Returns the source of a file; filter: undefined selects everything. */
export type Reads = (filter: CheckedFilter | undefined, format: FileFormat) => Promise<ToWrite>

export class Writing {
  private readonly runs: CaptureRun[] = []
  private stopped = false
  private events = 0
  private turn = 0
  private reported = 0
  private done: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly wanted: Extract<Request, { kind: 'write' }>,
    private readonly start: WorkerStart,
    private readonly report: (part: number) => void,
  ) {}

  /** Writes the file; returns a message about it. */
  run(reads: Reads): Promise<string> {
    const written = this.write(reads).catch((e: unknown) => messageOf(e))
    this.done = written
    return written
  }

  /** Stops writing; resolves once what was written so far is on disk. */
  async stop(): Promise<void> {
    this.stopped = true
    for (const run of this.runs) run.stop()
    await this.done
  }

  private async write(reads: Reads): Promise<string> {
    const { path, replace, filter: words } = this.wanted
    if (!replace && existsSync(path)) return `${path} exists already; :write! ${path} replaces it`
    const filter = words === '' ? undefined : throughRedaction(checkFilter(words, registry), this.start.redaction)
    const format = formatOfName(path)
    const toWrite = await reads(filter, format)
    try {
      const own = identityOf(path)
      if (own !== undefined && toWrite.read.flatMap(pathsOf).some((p) => identityOf(p) === own))
        return `${path} is the file that is shown: choose another name`
      return await this.from(toWrite, filter, format)
    } finally {
      await toWrite.close()
    }
  }

  private async from(toWrite: ToWrite, filter: CheckedFilter | undefined, format: FileFormat): Promise<string> {
    const { path } = this.wanted
    const open = async () => this.over(await toWrite.open(), format)
    const run = await open()
    try {
      const reason = whyNot(format, path, run.source)
      if (reason !== undefined) return `${path} was not written: ${reason}`
      const notes = await this.copy(run, filter, open)
      const part = this.stopped ? `, the first ${Math.floor(100 * (run.source.progress() ?? 0))} % of it` : ''
      const missing = toWrite.without === undefined ? '' : `; without ${toWrite.without}`
      return [`wrote ${this.events} events to ${path}${part}${missing}`, ...notes].join('; ')
    } finally {
      await run.close()
    }
  }

  /** Some formats require the data of I/O calls in full. */
  private over(source: CaptureSource, format: FileFormat): CaptureRun {
    const fullBuffers = typeof format === 'object' && format.fullData === true
    const run = new CaptureRun(source, { format: { ...PLAIN, fullBuffers }, rules: this.start.rules })
    if (this.stopped) run.stop()
    this.runs.push(run)
    return run
  }

  private async copy(
    run: CaptureRun,
    filter: CheckedFilter | undefined,
    again: () => Promise<CaptureRun>,
  ): Promise<readonly string[]> {
    const { path, filter: words } = this.wanted
    const { version, redaction } = this.start
    await run.begin()
    if (this.stopped) return []
    const program = `ksys ${version}`
    // a filter may contain redacted values
    const about = words === '' ? '' : redaction === undefined ? `, filter: ${words}` : ', with a filter'
    const passing = (of: CaptureRun): Omit<RunOptions, 'sinks'> => ({
      predicate: filter && compileChecked(filter, of.ctx).keep,
      passing: filter && rowsPassing(filter, of.info.has),
    })
    const stored = words === '' ? undefined : redaction === undefined ? words : UNKNOWN_FILTER
    const making = { note: `${program} ui${about}`, filter: stored }
    const file = await openNewFile(path, run, { filter, making, program, again, passing })
    const counting = { show: () => this.events++, flush: () => this.look(run.source) }
    try {
      await run.run({ ...passing(run), sinks: [file.sink, counting] })
    } catch (e) {
      await file.closeFailed()
      throw e
    }
    return file.close()
  }

  /** Reports progress, and lets pending requests run. */
  private async look(source: CaptureSource): Promise<void> {
    const now = performance.now()
    if (now - this.reported >= REPORT) {
      this.reported = now
      this.report(source.progress() ?? 0)
    }
    if (now - this.turn < TURN) return
    await nextTurn()
    this.turn = performance.now()
  }
}

/** Identifies a file by device and inode; undefined if there is none. */
function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.dev}:${stat.ino}` : undefined
}
