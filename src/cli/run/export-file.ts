// The file of a format for other tools that a run writes: all that it reads becomes one, or the rows of a chisel do.
import type { Export } from '../../export/format.js'
import { compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { Waiting } from '../../source/files.js'
import { WrittenFile } from '../../source/written-file.js'
import { eachState } from '../../state/hosts.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import { VERSION } from '../version.js'
import type { ExportTarget } from './export-target.js'
import type { FileSink, Kept } from './file-sink.js'
import { tell } from './report.js'

/** Bytes that go out in one piece, and that may wait for a slow reader. */
const CHUNK = 256 * 1024
const MOST_WAITING = 16 << 20

export class ExportFile implements ExportTarget {
  private file: WrittenFile | undefined
  private made: Export | undefined
  private ended = false

  /** Nothing is opened yet. */
  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
  ) {}

  get path(): string {
    return this.exported.path
  }

  get blocked(): boolean {
    return this.file === undefined || (!this.file.regular && this.file.waiting > 0)
  }

  async sink(kept: Kept, waiting: Waiting): Promise<FileSink> {
    const made = await this.open(waiting)
    return new ExportSink(this, made, kept, this.q, this.s.unbuffered ? 1 : CHUNK)
  }

  async rows(waiting: Waiting): Promise<RowsFile> {
    const made = await this.open(waiting)
    return { add: (value) => made.value?.(value), flush: () => this.flush() }
  }

  /** Writes what has gathered. Rejects with the WriteError of what was written before. */
  async flush(): Promise<void> {
    const { file, made } = this
    if (file === undefined || made === undefined || made.out.length === 0) return
    const bytes = made.out.view()
    for (let at = 0; at < bytes.length; ) {
      const buffer = file.buffer()
      const part = bytes.subarray(at, at + buffer.length)
      buffer.set(part)
      file.writeFrom(buffer, part.length)
      at += part.length
    }
    made.out.clear()
    if (file.waiting > MOST_WAITING) await file.settled(MOST_WAITING / 2)
  }

  async endAfter(run: Promise<number>): Promise<number> {
    const code = await run.catch(async (e: unknown) => {
      await this.close().catch(() => undefined)
      throw e
    })
    await this.close()
    return code
  }

  private async close(): Promise<void> {
    if (this.file === undefined || this.ended) return
    this.ended = true
    try {
      await this.flush()
    } finally {
      await this.file.close()
    }
    for (const note of this.made?.notes() ?? []) tell(`ksys: ${this.file.path}: ${note}`)
  }

  private async open(waiting: Waiting): Promise<Export> {
    if (this.made !== undefined) return this.made
    const { exported, s, q } = this
    const make = await formatOf(exported).load()
    const packed = exported.packed || /\.gz$/i.test(exported.path)
    this.file = await WrittenFile.open(exported.path, packed, waiting, s.belonging)
    this.made = make({ line: q.format, program: `ksys ${VERSION}` })
    return this.made
  }
}

/** Takes the events of one source. */
class ExportSink implements FileSink {
  private ended = false

  constructor(
    private readonly file: ExportFile,
    private readonly made: Export,
    private readonly kept: Kept,
    private readonly q: Query,
    private readonly room: number,
  ) {}

  begin(): void {
    const { made, q } = this
    const { ctx } = this.kept
    made.begin(ctx)
    if (made.inFlight === undefined) return
    const passes = q.filter === undefined ? () => true : compileChecked(q.filter, ctx).test
    eachState(ctx, (state) => {
      state.onInFlight = (call) => {
        if (passes(call)) made.inFlight?.(call)
      }
    })
  }

  show(e: Event): void {
    this.made.show(e)
  }

  get full(): boolean {
    return this.made.out.length >= this.room
  }

  flush(): Promise<void> {
    return this.file.flush()
  }

  get blocked(): boolean {
    return this.file.blocked
  }

  /** A run that fails may end it once more. */
  async end(): Promise<void> {
    if (!this.ended) this.made.end()
    this.ended = true
    await this.file.flush()
  }
}
