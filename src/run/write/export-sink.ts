// Writes the events of a run to a file in a format for other tools.
import type { Export } from '../../export/format.js'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../capture-run.js'
import type { Sink } from '../sink.js'

/** Bytes to buffer before a write. */
export const CHUNK = 256 * 1024
/** ms after which buffered output is released to a reader */
const RELEASE_INTERVAL = 1000

/** The destination of buffered output. */
interface ExportOutput {
  readonly awaited: number
  flush(): Promise<void>
}

interface ExportSinkOptions {
  /** calls in flight at the end are written if they pass this filter */
  readonly filter: CheckedFilter | undefined
  /** bytes to buffer before a write */
  readonly bufferBytes: number
  /** another process may read the output while it is written */
  readonly isAwaited: boolean
}

export class ExportSink implements Sink {
  private ended = false
  /** performance.now() of the last release */
  private released = performance.now()

  constructor(
    private readonly output: ExportOutput,
    private readonly exporter: Export,
    private readonly run: CaptureRun,
    private readonly options: ExportSinkOptions,
  ) {}

  begin(): void {
    const { exporter } = this
    const { ctx } = this.run
    const { filter } = this.options
    exporter.start(ctx)
    if (exporter.inFlight === undefined) return
    const passes = filter === undefined ? () => true : compileChecked(filter, ctx).test
    for (const state of ctx.states)
      state.onInFlight = (call) => {
        if (passes(call)) exporter.inFlight?.(call)
      }
  }

  show(e: Event): void {
    this.exporter.show(e)
  }

  get full(): boolean {
    return this.exporter.out.length >= this.options.bufferBytes
  }

  flush(): Promise<void> {
    const now = performance.now()
    if (this.options.isAwaited && now - this.released >= RELEASE_INTERVAL) {
      this.exporter.release?.()
      this.released = now
    }
    return this.output.flush()
  }

  get awaited(): number {
    return this.output.awaited
  }

  /** May be called again after a run has failed. */
  async end(): Promise<void> {
    if (!this.ended) this.exporter.end()
    this.ended = true
    await this.output.flush()
  }
}
