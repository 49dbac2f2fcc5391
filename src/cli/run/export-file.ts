// The file of a format for other tools that a run writes: all that it reads becomes one, or the rows of a chisel do.
import type { Export } from '../../export/format.js'
import { compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Waiting } from '../../source/files.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import type { FileSink } from './file-sink.js'
import { closeAfter, OpenExport } from './open-export.js'
import type { ExportTarget } from './target.js'

/** Bytes that go out in one piece. */
const CHUNK = 256 * 1024
/** ms after which a reader has what has gathered */
const SECOND = 1000

export class ExportFile implements ExportTarget {
  private opened: OpenExport | undefined

  /** Nothing is opened yet. */
  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
  ) {}

  get path(): string {
    return this.exported.path
  }

  get awaited(): number {
    const file = this.opened?.file
    return file === undefined ? 1 : file.awaited
  }

  async sink(run: CaptureRun, waiting: Waiting): Promise<FileSink> {
    const { made } = await this.open(waiting)
    const isAwaited = run.isLive && formatOf(this.exported).stream === true
    return new ExportSink(this, made, run, this.q, this.s.unbuffered ? 1 : CHUNK, isAwaited)
  }

  async rows(waiting: Waiting): Promise<RowsFile> {
    const { made } = await this.open(waiting)
    return { add: (value) => made.value?.(value), flush: () => this.flush() }
  }

  async flush(): Promise<void> {
    await this.opened?.flush()
  }

  endAfter(run: Promise<number>): Promise<number> {
    return closeAfter(
      run,
      async () => this.opened?.close(),
      async () => this.opened?.closeFailed(),
    )
  }

  private async open(waiting: Waiting): Promise<OpenExport> {
    const { exported, s, q } = this
    this.opened ??= await OpenExport.open(exported.path, exported, s, q, waiting)
    return this.opened
  }
}

/** Takes the events of one source. */
class ExportSink implements FileSink {
  private ended = false
  /** performance.now() when what had gathered was written last */
  private released = performance.now()

  constructor(
    private readonly file: ExportFile,
    private readonly made: Export,
    private readonly run: CaptureRun,
    private readonly q: Query,
    private readonly room: number,
    /** somebody may read it while it is written */
    private readonly isAwaited: boolean,
  ) {}

  begin(): void {
    const { made, q } = this
    const { ctx } = this.run
    made.begin(ctx)
    if (made.inFlight === undefined) return
    const passes = q.filter === undefined ? () => true : compileChecked(q.filter, ctx).test
    for (const state of ctx.states)
      state.onInFlight = (call) => {
        if (passes(call)) made.inFlight?.(call)
      }
  }

  show(e: Event): void {
    this.made.show(e)
  }

  get full(): boolean {
    return this.made.out.length >= this.room
  }

  flush(): Promise<void> {
    const now = performance.now()
    if (this.isAwaited && now - this.released >= SECOND) {
      this.made.release?.()
      this.released = now
    }
    return this.file.flush()
  }

  get awaited(): number {
    return this.file.awaited
  }

  /** A run that fails may end it once more. */
  async end(): Promise<void> {
    if (!this.ended) this.made.end()
    this.ended = true
    await this.file.flush()
  }
}
