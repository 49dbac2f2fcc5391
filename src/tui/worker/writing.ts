// Writes a trace of what passes a filter: of the file that is shown, or of what is kept of this machine.
import { existsSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { exportOfName } from '../../export/formats.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked, rowsPassing } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { CaptureRun } from '../../run/capture-run.js'
import { TraceSink } from '../../run/trace-sink.js'
import { isScapName } from '../../scap/kind.js'
import { pathsOf } from '../../source/ring-files.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { TraceWriter } from '../../trace/index.js'
import { messageOf, styleWith } from './context.js'
import type { Request, WorkerStart } from './messages.js'

/** ms between two words about how far it is, and of work after which requests are looked at */
const TOLD = 250
const TURN = 50

/** What a trace is made of. */
export interface ToWrite {
  readonly source: CaptureSource
  /** the files that it reads, as the person named them */
  readonly read: readonly string[]
  /** what is not in it, in words */
  readonly without?: string
}

export class Writing {
  private captureRun: CaptureRun | undefined
  private stopped = false
  private events = 0
  private turn = 0
  private told = 0
  private done: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly wanted: Extract<Request, { kind: 'write' }>,
    private readonly start: WorkerStart,
    private readonly tell: (part: number) => void,
  ) {}

  /** Writes; returns what to say of it. open: what is read for a filter (undefined: all). */
  run(open: (filter: CheckedFilter | undefined) => Promise<ToWrite>): Promise<string> {
    const written = this.write(open).catch((e: unknown) => messageOf(e))
    this.done = written
    return written
  }

  /** What was written so far is a trace; fulfilled once it is on the disk. */
  async stop(): Promise<void> {
    this.stopped = true
    this.captureRun?.stop()
    await this.done
  }

  private async write(open: (filter: CheckedFilter | undefined) => Promise<ToWrite>): Promise<string> {
    const { path, replace, filter: words } = this.wanted
    if (isScapName(path) || exportOfName(path) !== undefined)
      return `${path}: only .ksys files are written here; ksys -r FILE.ksys -w ${path} makes one`
    if (!replace && existsSync(path)) return `${path} is there already; :write! ${path} replaces it`
    const filter = words === '' ? undefined : throughRedaction(checkFilter(words, registry), this.start.redaction)
    const { source, read, without } = await open(filter)
    try {
      if (source.members !== undefined)
        return 'traces of several hosts are not written here; ksys cut FILE -w OUT host.name=NAME writes those of one'
      const own = identityOf(path)
      if (own !== undefined && read.flatMap(pathsOf).some((p) => identityOf(p) === own))
        return `${path} is the file that is shown: name another one`
      await this.copy(source, filter)
    } finally {
      await source.close()
    }
    const part = this.stopped ? `, the first ${Math.floor(100 * (source.progress() ?? 0))} % of it` : ''
    const missing = without === undefined ? '' : `; not in it: ${without}`
    return `wrote ${this.events} events to ${path}${part}${missing}`
  }

  private async copy(source: CaptureSource, filter: CheckedFilter | undefined): Promise<void> {
    const { path, filter: words } = this.wanted
    const { version, redaction, rules } = this.start
    const run = new CaptureRun(source, styleWith(rules))
    await run.begin()
    if (this.stopped) return
    this.captureRun = run
    // a filter may speak of what the trace is not to tell
    const asked = words === '' ? '' : redaction === undefined ? `, filter: ${words}` : ', with a filter'
    const info = { ...source.info, note: `ksys ${version} ui${asked}` }
    const writer = await TraceWriter.open(path, { info, existing: run.snapshot, defs: source.tables?.defs })
    const trace = new TraceSink(writer, run.states[0] as State, source, () => run.stats())
    await run.run({
      predicate: filter && compileChecked(filter, run.ctx).keep,
      passing: filter && rowsPassing(filter, source.info.has),
      sinks: [trace, { show: () => this.events++, flush: () => this.look(source) }],
    })
  }

  /** Tells how far it is, and lets requests come. */
  private async look(source: CaptureSource): Promise<void> {
    const now = performance.now()
    if (now - this.told >= TOLD) {
      this.told = now
      this.tell(source.progress() ?? 0)
    }
    if (now - this.turn < TURN) return
    await nextTurn()
    this.turn = performance.now()
  }
}

/** What tells a file from others; undefined where there is none. */
function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.dev}:${stat.ino}` : undefined
}
